package io.shmipc.client;

import io.shmipc.ShmipcException;
import io.shmipc.session.ShmipcSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a session manager to its server's successor.
 *
 * <pre>
 *          HotRestart(epoch) of any session                every slot has a session with the successor
 *   idle ───────────────────────────────────► moving ────────────────────────────────────────────────► acknowledged
 *    ▲                                           │ 2 s have passed                                       │
 *    └───────────────────────────────────────────┴───── the old sessions close when their streams are done ┘
 * </pre>
 *
 * <p>Each slot gets a session under new memory names and gives out streams of it from then on; streams in flight go on
 * over the old session, which is closed once they were put back or closed.
 *
 * <p><b>Threads:</b> the manager's maintenance thread, but for {@link #onEvent}.
 */
final class ClientHotRestart {

    private static final Logger LOG = LoggerFactory.getLogger(ClientHotRestart.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

    private final SessionSlot[] slots;
    private final RegionSource regions;
    private final ScheduledExecutorService maintenance;
    private final Set<ShmipcSession> asked = new HashSet<>();
    private final List<ShmipcSession> reserve = new ArrayList<>();
    private long epoch;
    private long deadlineNanos;
    private boolean moving;

    ClientHotRestart(SessionSlot[] slots, RegionSource regions, ScheduledExecutorService maintenance) {
        this.slots = slots;
        this.regions = regions;
        this.maintenance = maintenance;
    }

    /** A session was asked to move; any thread. */
    void onEvent(ShmipcSession session, long requestedEpoch) {
        maintenance.execute(() -> begin(session, requestedEpoch));
    }

    private void begin(ShmipcSession session, long requestedEpoch) {
        if (moving && requestedEpoch != epoch) {
            LOG.warn("hot restart {} is ignored while {} is under way", requestedEpoch, epoch);
            return;
        }
        asked.add(session);
        if (!moving) {
            moving = true;
            epoch = requestedEpoch;
            deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
            regions.beginEpoch(requestedEpoch);
            schedule(this::retry);
        }
        move();
    }

    /** Moves the slots whose sessions were asked to; acknowledges when none is left behind. */
    private void move() {
        boolean complete = true;
        for (SessionSlot slot : slots) {
            ShmipcSession current = slot.session();
            if (current == null || current.isClosed() || slot.epoch() == epoch) {
                continue;
            }
            complete &= asked.contains(current) && replace(slot, current);
        }
        if (complete) {
            acknowledge();
        }
    }

    private boolean replace(SessionSlot slot, ShmipcSession old) {
        try {
            slot.replace();
            reserve.add(old);
            return true;
        } catch (ShmipcException e) {
            LOG.debug("the successor cannot be reached yet", e);
            return false;
        }
    }

    private void retry() {
        if (!moving) {
            return;
        }
        if (System.nanoTime() - deadlineNanos < 0) {
            schedule(this::retry);
            move();
            return;
        }
        LOG.warn("hot restart {} failed: the successor was not reached within {}", epoch, TIMEOUT);
        reserve.forEach(session -> session.countHotRestart(false));
        end();
    }

    private void acknowledge() {
        for (ShmipcSession session : reserve) {
            try {
                session.sendHotRestartAck(epoch);
                session.countHotRestart(true);
            } catch (ShmipcException e) {
                LOG.debug("{} has ended before its acknowledgement", session, e);
            }
        }
        LOG.info("hot restart {}: {} sessions moved", epoch, reserve.size());
        end();
    }

    private void end() {
        moving = false;
        asked.clear();
        closeWhenDone();
    }

    /** Closes the old sessions as soon as their last stream was put back or closed. */
    private void closeWhenDone() {
        reserve.removeIf(session -> {
            if (session.activeStreamCount() == 0) {
                session.close();
            }
            return session.isClosed();
        });
        if (!reserve.isEmpty()) {
            schedule(this::closeWhenDone);
        }
    }

    private void schedule(Runnable task) {
        if (!maintenance.isShutdown()) {
            Future<?> unused = maintenance.schedule(task, CHECK_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Closes the old sessions at once; after the maintenance thread has ended. */
    void close() {
        reserve.forEach(ShmipcSession::close);
    }
}
