package io.shmipc.session;

import io.shmipc.PerformanceMetrics;
import io.shmipc.SessionMetrics;
import io.shmipc.ShareMemoryMetrics;
import io.shmipc.StabilityMetrics;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.Region;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a session counts.
 *
 * <p><b>Threads:</b> any.
 */
final class SessionCounters {

    private static final VarHandle IN_FLOW_BYTES;

    static {
        try {
            IN_FLOW_BYTES = MethodHandles.lookup().findVarHandle(SessionCounters.class, "inFlowBytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final LongAdder receivedSyncEvents = new LongAdder();
    final LongAdder sentSyncEvents = new LongAdder();
    final LongAdder allocationFailures = new LongAdder();
    final LongAdder fallbackWrites = new LongAdder();
    final LongAdder fallbackBytes = new LongAdder();
    final LongAdder fallbackReads = new LongAdder();
    final LongAdder connectionErrors = new LongAdder();
    final LongAdder queueFullErrors = new LongAdder();
    final LongAdder hotRestartSuccesses = new LongAdder();
    final LongAdder hotRestartErrors = new LongAdder();

    private long inFlowBytes;

    /**
     * Returns what was counted, and how things stand.
     *
     * @param ended whether the session has: its memory may be gone
     */
    SessionMetrics metrics(QueuePair queues, boolean ended, int activeStreams, Region region) {
        return new SessionMetrics(
                new PerformanceMetrics(
                        receivedSyncEvents.sum(),
                        sentSyncEvents.sum(),
                        queues.send().payloadBytes() + fallbackBytes.sum(),
                        inFlowBytes(),
                        ended ? 0 : queues.send().pending(),
                        ended ? 0 : queues.receive().pending()),
                new StabilityMetrics(
                        allocationFailures.sum(),
                        fallbackWrites.sum(),
                        fallbackReads.sum(),
                        connectionErrors.sum(),
                        queueFullErrors.sum(),
                        activeStreams,
                        hotRestartSuccesses.sum(),
                        hotRestartErrors.sum()),
                new ShareMemoryMetrics(region.capacityBytes(), ended ? 0 : region.inUseBytes()));
    }

    /** Counts bytes that arrived; by the holder of the consumer role only, who needs no atomic addition. */
    void addInFlowBytes(int bytes) {
        IN_FLOW_BYTES.setOpaque(this, inFlowBytes + bytes);
    }

    /** Returns the bytes that arrived. */
    long inFlowBytes() {
        return (long) IN_FLOW_BYTES.getOpaque(this);
    }
}
