package io.shmipc.server;

import io.shmipc.HotRestartException;
import io.shmipc.Reason;
import io.shmipc.channel.EventLoop;
import io.shmipc.session.ShmipcSession;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the clients of a listener to connect to its successor, and waits until all have done so.
 *
 * <pre>
 *          begin                      every session acknowledged or ended
 *   idle ─────────► under way ─────────────────────────────────────────────► idle, done
 *    ▲                  │ 2 s have passed, or the listener is closed
 *    └──────────────────┘ failed; can be asked again
 * </pre>
 *
 * <p>What is still awaited is kept per session: one that dies meanwhile does not make the restart fail.
 *
 * <p><b>Threads:</b> the event loop's, but for {@link #isUnderWay()}.
 */
final class ServerHotRestart {

    private static final Logger LOG = LoggerFactory.getLogger(ServerHotRestart.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final EventLoop loop;
    private final Set<ShmipcSession> awaited = new HashSet<>();
    private long epoch;
    private volatile @Nullable CompletableFuture<Void> done;

    ServerHotRestart(EventLoop loop) {
        this.loop = loop;
    }

    /** Returns whether acknowledgements are awaited. */
    boolean isUnderWay() {
        return done != null;
    }

    /** Asks the given sessions; returns what completes when all have acknowledged, or fails after 2 s. */
    CompletableFuture<Void> begin(long newEpoch, Collection<ShmipcSession> sessions) {
        if (done != null) {
            throw new HotRestartException(
                    Reason.HOT_RESTART_IN_PROGRESS,
                    "Hot restart " + epoch + " is under way. Wait until it is done, at most " + TIMEOUT + ".");
        }
        epoch = newEpoch;
        CompletableFuture<Void> future = new CompletableFuture<>();
        done = future;
        awaited.addAll(sessions);
        loop.schedule(TIMEOUT.toNanos(), () -> giveUp(future));
        // One that cannot be told ends over it, and is then awaited no longer.
        sessions.forEach(session -> session.sendHotRestart(newEpoch));
        finishIfComplete();
        return future;
    }

    /** A client has connected to the successor. */
    void onAcknowledged(ShmipcSession session, long acknowledged) {
        if (done != null && acknowledged == epoch && awaited.remove(session)) {
            session.countHotRestart(true);
            finishIfComplete();
        }
    }

    /** A session has ended, which needs no acknowledgement. */
    void onClosed(ShmipcSession session) {
        if (awaited.remove(session)) {
            finishIfComplete();
        }
    }

    /** The listener is closed: sessions that end now do so without having gone to the successor. */
    void cancel() {
        CompletableFuture<Void> future = done;
        if (future == null) {
            return;
        }
        done = null;
        String message = "Hot restart " + epoch + " was cut short: the listener was closed before " + awaited.size()
                + " sessions had acknowledged.";
        awaited.clear();
        LOG.warn(message);
        future.completeExceptionally(new HotRestartException(Reason.SESSION_SHUTDOWN, message));
    }

    private void finishIfComplete() {
        CompletableFuture<Void> future = done;
        if (future != null && awaited.isEmpty()) {
            done = null;
            LOG.info("hot restart {} is done", epoch);
            future.complete(null);
        }
    }

    private void giveUp(CompletableFuture<Void> future) {
        if (done != future) {
            return;
        }
        done = null;
        awaited.forEach(session -> session.countHotRestart(false));
        String message = "Hot restart " + epoch + " failed: " + awaited.size() + " sessions, such as "
                + awaited.iterator().next() + ", did not acknowledge within " + TIMEOUT
                + ". Is the successor listening on the same address? It can be asked again.";
        awaited.clear();
        LOG.warn(message);
        future.completeExceptionally(new HotRestartException(Reason.TIMEOUT, message));
    }
}
