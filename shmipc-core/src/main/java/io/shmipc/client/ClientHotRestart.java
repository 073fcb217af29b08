package io.shmipc.client;

import io.shmipc.ShmipcException;
import io.shmipc.session.ShmipcSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a session manager to its server's successor.
 *
 * <pre>
 * a session:  HotRestart(epoch)           its slot has a session with the successor
 *   in use ───────────────────────► asked ─────────────────────────────────────────► acknowledged, in reserve ──► closed
 *      ▲                              │ 2 s have passed                    2 s later, when its streams were put back
 *      └──────────────────────────────┘                                    or closed; or when the server closes it
 * </pre>
 *
 * <p>A slot's new session has new memory under new names, and streams are given out of it from then on; streams in
 * flight go on over the old session. What was asked is kept per session, and the last request counts: a server that
 * gave up waiting may ask again while this side is still at its first request.
 *
 * <p>An old session is not closed right after its acknowledgement: shmipc-go discards what it has not read yet when it
 * sees a connection's end, and would wait for the acknowledgement until it gives its restart up.
 *
 * <p><b>Threads:</b> the manager's maintenance thread, but for {@link #onEvent} and {@link #close}.
 */
final class ClientHotRestart {

    private static final Logger LOG = LoggerFactory.getLogger(ClientHotRestart.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** Sessions in reserve for each slot: a server that asks each new session to move gets no more memory than this. */
    private static final int MAX_IN_RESERVE = 4;

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

    private record Request(long epoch, long deadlineNanos) {}

    private final SessionSlot[] slots;
    private final RegionSource regions;
    private final ScheduledExecutorService maintenance;
    /** What was asked last, until the maintenance thread takes note of it: one entry a session, however often it is asked. */
    private final Map<ShmipcSession, Request> news = new ConcurrentHashMap<>();

    private final Map<ShmipcSession, Request> asked = new HashMap<>();

    private final Reserve reserve = new Reserve();
    private boolean checkScheduled;

    ClientHotRestart(SessionSlot[] slots, RegionSource regions, ScheduledExecutorService maintenance) {
        this.slots = slots;
        this.regions = regions;
        this.maintenance = maintenance;
    }

    /** A session was asked to move; any thread. */
    void onEvent(ShmipcSession session, long epoch) {
        Request request = new Request(epoch, System.nanoTime() + TIMEOUT.toNanos());
        if (news.put(session, request) == null) {
            maintenance.execute(() -> takeNote(session));
        }
    }

    private void takeNote(ShmipcSession session) {
        Request request = news.remove(session);
        if (request != null) {
            asked.put(session, request);
            check();
        }
    }

    /** A session's region has lost slices to a process that died: it gets another region the same way; any thread. */
    void onStalled(ShmipcSession session) {
        maintenance.execute(() -> {
            LOG.warn("{} has a region with a free list that a dead process cut; opening another", session);
            if (!session.isClosed()) {
                renew(session);
                check();
            }
        });
    }

    private void renew(ShmipcSession session) {
        regions.retire(session.sharedRegion());
        if (replace(session)) {
            reserve.add(session, System.nanoTime());
        }
    }

    /** Moves the sessions that were asked to, as far as the successor can be reached, and closes what is done. */
    private void check() {
        asked.entrySet().removeIf(entry -> isSettled(entry.getKey(), entry.getValue()));
        reserve.closeWhatIsDone();
        if (!checkScheduled && !(asked.isEmpty() && reserve.isEmpty()) && !maintenance.isShutdown()) {
            checkScheduled = true;
            Future<?> unused = maintenance.schedule(this::checkAgain, CHECK_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void checkAgain() {
        checkScheduled = false;
        check();
    }

    /** Returns whether nothing is left to do for a request: the session moved, has ended, or time is up. */
    private boolean isSettled(ShmipcSession session, Request request) {
        if (session.isClosed()) {
            return true;
        }
        if (reserve.contains(session) || move(session, request.epoch())) {
            acknowledge(session, request.epoch());
            reserve.add(session, System.nanoTime() + TIMEOUT.toNanos());
            return true;
        }
        if (System.nanoTime() - request.deadlineNanos() < 0) {
            return false;
        }
        LOG.warn(
                "hot restart {} of {} failed: the successor was not reached within {}",
                request.epoch(),
                session,
                TIMEOUT);
        session.countHotRestart(false);
        return true;
    }

    private boolean move(ShmipcSession session, long epoch) {
        if (slotOf(session) == null || reserve.size() >= MAX_IN_RESERVE * slots.length) {
            return false;
        }
        regions.moveOn(session.sharedRegion(), epoch);
        return replace(session);
    }

    private boolean replace(ShmipcSession session) {
        SessionSlot slot = slotOf(session);
        if (slot == null) {
            return false;
        }
        try {
            slot.replace();
            return true;
        } catch (ShmipcException e) {
            LOG.debug("{} cannot be replaced yet", session, e);
            return false;
        }
    }

    /** Returns the slot that gives out streams of a session; none does for a moment while it is being opened. */
    private @Nullable SessionSlot slotOf(ShmipcSession session) {
        for (SessionSlot slot : slots) {
            if (slot.session() == session) {
                return slot;
            }
        }
        return null;
    }

    private static void acknowledge(ShmipcSession session, long epoch) {
        if (session.sendHotRestartAck(epoch)) {
            session.countHotRestart(true);
            LOG.info("hot restart {}: {} has moved", epoch, session);
        } else {
            LOG.debug("{} has ended before its acknowledgement", session);
        }
    }

    /** Closes the old sessions at once; any thread, which does not wait for a session that is being opened. */
    void close() {
        reserve.close();
    }

    /**
     * Sessions that give out no more streams.
     *
     * <p><b>Threads:</b> any, by its lock.
     */
    private static final class Reserve {

        /** When each may be closed, in {@link System#nanoTime()}. */
        private final Map<ShmipcSession, Long> closableNanos = new HashMap<>();

        private boolean closed;

        synchronized void add(ShmipcSession session, long closableAtNanos) {
            closableNanos.put(session, closableAtNanos);
            if (closed) {
                session.close();
            }
        }

        synchronized boolean contains(ShmipcSession session) {
            return closableNanos.containsKey(session);
        }

        synchronized int size() {
            return closableNanos.size();
        }

        synchronized boolean isEmpty() {
            return closableNanos.isEmpty();
        }

        /** Closes the sessions that may be closed and have no stream left, and forgets those that have ended. */
        synchronized void closeWhatIsDone() {
            closableNanos.entrySet().removeIf(entry -> {
                if (System.nanoTime() - entry.getValue() >= 0) {
                    entry.getKey().closeIfIdle();
                }
                return entry.getKey().isClosed();
            });
        }

        synchronized void close() {
            closed = true;
            closableNanos.keySet().forEach(ShmipcSession::close);
        }
    }
}
