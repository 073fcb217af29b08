package io.shmipc.client;

import io.shmipc.ConnectException;
import io.shmipc.Reason;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.session.SessionListener;
import io.shmipc.session.ShmipcSession;
import io.shmipc.session.ShmipcStream;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of a session manager's places: a session, its pool of streams, and a new session when that one is lost.
 *
 * <p>The first attempt to open a lost session comes after the rebuild interval; the delay then doubles up to its
 * maximum, with jitter, so that many clients do not return to a restarted server in step. A session that is lost before
 * the server sent anything on it is one more failed attempt: with memory in files a client expects no answer to its
 * handshake, and would come back to a server that refuses it as fast as it is refused.
 *
 * <p><b>Threads:</b> any; connecting happens on the manager's maintenance thread.
 */
final class SessionSlot implements SessionListener {

    /** A session with its idle streams. */
    private record Place(ShmipcSession session, StreamPool pool, long openedNanos) {}

    private static final Logger LOG = LoggerFactory.getLogger(SessionSlot.class);

    private final SessionManagerConfig config;
    private final SessionConnector connector;
    private final RegionSource regions;
    private final ScheduledExecutorService maintenance;
    private final BiConsumer<ShmipcSession, Long> onHotRestart;
    private final Consumer<ShmipcSession> onStalled;
    private volatile @Nullable Place place;
    private volatile @Nullable ShmipcException failure;
    private volatile @Nullable ShmipcSession toldOfStall;
    private volatile boolean closed;

    /** The delay before the last attempt to connect, without jitter. */
    private volatile long delayNanos;

    SessionSlot(
            SessionManagerConfig config,
            SessionConnector connector,
            RegionSource regions,
            ScheduledExecutorService maintenance,
            BiConsumer<ShmipcSession, Long> onHotRestart,
            Consumer<ShmipcSession> onStalled) {
        this.config = config;
        this.connector = connector;
        this.regions = regions;
        this.maintenance = maintenance;
        this.onHotRestart = onHotRestart;
        this.onStalled = onStalled;
    }

    /** Opens the session; on failure throws, or goes on trying in the background if the configuration says so. */
    void open() {
        try {
            connect();
        } catch (ConnectException e) {
            if (!config.connectLazily()) {
                throw e;
            }
            LOG.info("{}; trying again in the background", e.getMessage());
            failure = e;
            scheduleConnect(true);
        }
    }

    private void connect() {
        ShmipcSession opened = connector.connect(this);
        failure = null;
        place = new Place(opened, new StreamPool(config.maxPooledStreams()), System.nanoTime());
        // From here on and not by an event: a session that is lost before it has its place is noticed as well.
        CompletionStage<Void> unused = opened.closeFuture().thenAccept(reason -> lost(opened, reason));
        if (closed) {
            opened.close();
        }
    }

    /** Opens another session and gives out its streams; the old one goes on with those in use. */
    void replace() {
        Place old = place;
        connect();
        if (old != null) {
            closeAll(old.pool().close());
        }
    }

    @Nullable
    ShmipcSession session() {
        Place current = place;
        return current == null ? null : current.session();
    }

    boolean isOpen() {
        ShmipcSession current = session();
        return current != null && !current.isClosed();
    }

    boolean isHealthy() {
        ShmipcSession current = session();
        return current != null && current.isHealthy();
    }

    /** Returns an idle stream, or a new one. */
    Stream getStream() {
        while (true) {
            Place current = place;
            if (current == null || (current.session().isClosed() && current.equals(place))) {
                throw notConnected();
            }
            tellOfStall(current.session());
            try {
                return streamOf(current);
            } catch (SessionClosedException e) {
                if (current.equals(place)) {
                    throw e;
                }
                // The session was replaced meanwhile, and closed because it had no stream: its successor has one.
            }
        }
    }

    /** Has a session replaced whose region is stalled; asks once, and again when idle streams are looked at. */
    private void tellOfStall(ShmipcSession session) {
        if (session.sharedRegion().region().isStalled() && session != toldOfStall) {
            toldOfStall = session;
            onStalled.accept(session);
        }
    }

    private static Stream streamOf(Place current) {
        if (current.session().isHealthy()) {
            StreamPool pool = current.pool();
            for (ShmipcStream idle = pool.poll(); idle != null; idle = pool.poll()) {
                if (idle.isFresh()) {
                    idle.pooled(false);
                    return idle;
                }
                idle.closeIdle();
            }
        }
        return current.session().openStream();
    }

    private SessionClosedException notConnected() {
        ShmipcException cause = failure;
        return new SessionClosedException(
                Reason.SESSION_SHUTDOWN,
                "No session to " + config.address() + " is open"
                        + (closed ? "" : "; another attempt follows within " + config.maxRebuildInterval())
                        + (cause == null ? "." : ": " + cause.getMessage()),
                cause);
    }

    void putBack(ShmipcStream stream) {
        if (!stream.pooled(true)) {
            throw new IllegalStateException(
                    stream + " was put back already: whoever puts a stream back does not use it any more.");
        }
        Place current = place;
        if (current == null || stream.session() != current.session() || !stream.reset()) {
            stream.close();
        } else if (!current.pool().offer(stream, System.nanoTime())) {
            stream.closeIdle();
        }
    }

    /** Closes the streams that have been idle for too long. */
    void closeIdleStreams() {
        Place current = place;
        toldOfStall = null;
        if (current != null) {
            tellOfStall(current.session());
            closeAll(current.pool()
                    .expire(System.nanoTime() - config.streamMaxIdleTime().toNanos()));
        }
    }

    private static void closeAll(List<ShmipcStream> idle) {
        idle.forEach(ShmipcStream::closeIdle);
    }

    @Override
    public void onHotRestart(ShmipcSession restarting, long epoch) {
        onHotRestart.accept(restarting, epoch);
    }

    /** Called on the event loop, where giving back a large region would hold all sessions up. */
    private void lost(ShmipcSession lost, String reason) {
        Place current = place;
        if (current == null || current.session() != lost) {
            maintenance.execute(() -> regions.retire(lost.sharedRegion()));
            return;
        }
        if (!closed) {
            LOG.warn("{} to {} was lost: {}; opening another", lost, config.address(), reason);
            failure = new SessionClosedException(Reason.SESSION_SHUTDOWN, lost.id() + " was lost: " + reason + ".");
        }
        maintenance.execute(() -> {
            regions.retire(lost.sharedRegion());
            closeAll(current.pool().close());
            scheduleConnect(hasServed(current));
        });
    }

    /** Returns whether a lost session shows that the server was well: it sent something, or the session held. */
    private boolean hasServed(Place lost) {
        return lost.session().metrics().performance().inFlowBytes() > 0
                || System.nanoTime() - lost.openedNanos()
                        > config.maxRebuildInterval().toNanos();
    }

    /** Connects after the first delay, or after twice the last one. */
    private void scheduleConnect(boolean afresh) {
        if (closed) {
            return;
        }
        long first = config.rebuildInterval().toNanos();
        long delay = afresh
                ? first
                : Math.min(
                        Math.max(first, 2 * delayNanos),
                        config.maxRebuildInterval().toNanos());
        delayNanos = delay;
        long jittered = delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
        Future<?> unused = maintenance.schedule(this::reconnect, jittered, TimeUnit.NANOSECONDS);
    }

    private void reconnect() {
        Place current = place;
        if (closed || (current != null && !current.session().isClosed())) {
            return;
        }
        try {
            connect();
            LOG.info("{} to {} was opened", session(), config.address());
        } catch (RuntimeException | Error e) {
            failure = e instanceof ShmipcException known ? known : failure;
            LOG.debug("no session to {} yet", config.address(), e);
            scheduleConnect(false);
        }
    }

    /** Closes the session for good; returns it. */
    @Nullable
    ShmipcSession close() {
        closed = true;
        Place current = place;
        if (current == null) {
            return null;
        }
        closeAll(current.pool().close());
        current.session().close();
        return current.session();
    }
}
