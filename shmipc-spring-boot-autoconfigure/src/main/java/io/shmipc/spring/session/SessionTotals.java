package io.shmipc.spring.session;

import io.shmipc.PerformanceMetrics;
import io.shmipc.Session;
import io.shmipc.StabilityMetrics;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.ToLongFunction;

/**
 * Adds up the counters of sessions that come and go: what an ended session counted stays in the sum.
 *
 * <p><b>Threads:</b> any.
 */
public final class SessionTotals {

    private final Set<Session> live = new LinkedHashSet<>();

    /** Sessions that have ended may still be listed for a while by whoever had them. */
    private final Set<Session> ended = Collections.newSetFromMap(new WeakHashMap<>());

    private PerformanceMetrics endedPerformance = new PerformanceMetrics(0, 0, 0, 0, 0, 0);
    private StabilityMetrics endedStability = new StabilityMetrics(0, 0, 0, 0, 0, 0, 0, 0);

    /**
     * Counts a session from now on, and keeps its last numbers when it ends; a session that is known is not added
     * twice.
     */
    public void add(Session session) {
        synchronized (this) {
            if (ended.contains(session) || !live.add(session)) {
                return;
            }
        }
        session.closeFuture().whenComplete((reason, failure) -> retire(session));
    }

    /** Counts all of the sessions from now on. */
    public void addAll(Collection<Session> sessions) {
        for (Session session : sessions) {
            add(session);
        }
    }

    /** Returns the sum of one traffic counter over all sessions, the ended ones included. */
    public synchronized long performance(ToLongFunction<PerformanceMetrics> counter) {
        long sum = counter.applyAsLong(endedPerformance);
        for (Session session : live) {
            sum += counter.applyAsLong(session.metrics().performance());
        }
        return sum;
    }

    /** Returns the sum of one error counter over all sessions, the ended ones included. */
    public synchronized long stability(ToLongFunction<StabilityMetrics> counter) {
        long sum = counter.applyAsLong(endedStability);
        for (Session session : live) {
            sum += counter.applyAsLong(session.metrics().stability());
        }
        return sum;
    }

    private synchronized void retire(Session session) {
        if (live.remove(session)) {
            ended.add(session);
            endedPerformance = plus(endedPerformance, session.metrics().performance());
            endedStability = plus(endedStability, session.metrics().stability());
        }
    }

    /** Adds the counters; what is queued ends with its session. */
    private static PerformanceMetrics plus(PerformanceMetrics a, PerformanceMetrics b) {
        return new PerformanceMetrics(
                a.receiveSyncEventCount() + b.receiveSyncEventCount(),
                a.sendSyncEventCount() + b.sendSyncEventCount(),
                a.outFlowBytes() + b.outFlowBytes(),
                a.inFlowBytes() + b.inFlowBytes(),
                0,
                0);
    }

    /** Adds the counters; open streams end with their session. */
    private static StabilityMetrics plus(StabilityMetrics a, StabilityMetrics b) {
        return new StabilityMetrics(
                a.allocShmErrorCount() + b.allocShmErrorCount(),
                a.fallbackWriteCount() + b.fallbackWriteCount(),
                a.fallbackReadCount() + b.fallbackReadCount(),
                a.eventConnErrorCount() + b.eventConnErrorCount(),
                a.queueFullErrorCount() + b.queueFullErrorCount(),
                0,
                a.hotRestartSuccessCount() + b.hotRestartSuccessCount(),
                a.hotRestartErrorCount() + b.hotRestartErrorCount());
    }
}
