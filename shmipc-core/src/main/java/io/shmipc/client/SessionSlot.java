package io.shmipc.client;

import io.shmipc.ConnectException;
import io.shmipc.Reason;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.session.SessionListener;
import io.shmipc.session.ShmipcSession;
import io.shmipc.session.ShmipcStream;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of a session manager's places: a session, its pool of streams, and a new session when that one is lost.
 *
 * <p>The first attempt to open a lost session comes after the rebuild interval; the delay then doubles up to its maximum,
 * with jitter, so that many clients do not return to a restarted server in step.
 *
 * <p><b>Threads:</b> any; connecting happens on the manager's maintenance thread.
 */
final class SessionSlot implements SessionListener {

    private static final Logger LOG = LoggerFactory.getLogger(SessionSlot.class);

    private final SessionManagerConfig config;
    private final SessionConnector connector;
    private final RegionSource regions;
    private final ScheduledExecutorService maintenance;
    private volatile @Nullable ShmipcSession session;
    private volatile StreamPool pool;
    private volatile @Nullable ShmipcException failure;
    private volatile boolean closed;

    SessionSlot(
            SessionManagerConfig config,
            SessionConnector connector,
            RegionSource regions,
            ScheduledExecutorService maintenance) {
        this.config = config;
        this.connector = connector;
        this.regions = regions;
        this.maintenance = maintenance;
        this.pool = new StreamPool(config.maxPooledStreams());
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
            scheduleConnect(config.rebuildInterval().toNanos());
        }
    }

    private void connect() {
        ShmipcSession opened = connector.connect(this);
        failure = null;
        pool = new StreamPool(config.maxPooledStreams());
        session = opened;
        if (closed) {
            opened.close();
        }
    }

    @Nullable
    ShmipcSession session() {
        return session;
    }

    boolean isHealthy() {
        ShmipcSession current = session;
        return current != null && current.isHealthy();
    }

    /** Returns an idle stream, or a new one. */
    Stream getStream() {
        ShmipcSession current = session;
        if (current == null) {
            ShmipcException cause = failure;
            throw new SessionClosedException(
                    Reason.SESSION_SHUTDOWN,
                    "No session to " + config.address() + " is open"
                            + (cause == null ? "." : ": " + cause.getMessage()),
                    cause);
        }
        if (current.isHealthy()) {
            for (ShmipcStream idle = pool.poll(); idle != null; idle = pool.poll()) {
                if (idle.isOpen()) {
                    return idle;
                }
                idle.closeIdle();
            }
        }
        return current.openStream();
    }

    void putBack(ShmipcStream stream) {
        if (stream.session() != session || !stream.reset()) {
            stream.close();
        } else if (!pool.offer(stream, System.nanoTime())) {
            stream.closeIdle();
        }
    }

    /** Closes the streams that have been idle for too long. */
    void closeIdleStreams() {
        pool.expire(System.nanoTime() - config.streamMaxIdleTime().toNanos()).forEach(ShmipcStream::closeIdle);
    }

    @Override
    public boolean takesStreams() {
        return false;
    }

    @Override
    public void onNewStream(Stream stream) {
        stream.close();
    }

    @Override
    public void onHotRestart(ShmipcSession restarting, long epoch) {
        LOG.info("{} announced a hot restart, epoch {}", config.address(), epoch);
    }

    @Override
    public void onHotRestartAck(ShmipcSession restarting, long epoch) {
        LOG.debug("a client got a hot restart acknowledgement, epoch {}", epoch);
    }

    @Override
    public void onClosed(ShmipcSession lost, String reason) {
        pool.close().forEach(ShmipcStream::closeIdle);
        regions.retire(lost.sharedRegion());
        if (!closed) {
            LOG.warn("{} to {} was lost: {}; opening another", lost, config.address(), reason);
            scheduleConnect(config.rebuildInterval().toNanos());
        }
    }

    private void scheduleConnect(long delayNanos) {
        if (!closed) {
            long jittered = delayNanos / 2 + ThreadLocalRandom.current().nextLong(delayNanos / 2 + 1);
            Future<?> unused = maintenance.schedule(() -> reconnect(delayNanos), jittered, TimeUnit.NANOSECONDS);
        }
    }

    private void reconnect(long delayNanos) {
        if (closed) {
            return;
        }
        try {
            connect();
            LOG.info("{} to {} was opened", session, config.address());
        } catch (ShmipcException e) {
            failure = e;
            LOG.debug("no session to {} yet", config.address(), e);
            scheduleConnect(Math.min(2 * delayNanos, config.maxRebuildInterval().toNanos()));
        }
    }

    /** Closes the session for good; returns it. */
    @Nullable
    ShmipcSession close() {
        closed = true;
        pool.close().forEach(ShmipcStream::closeIdle);
        ShmipcSession current = session;
        if (current != null) {
            current.close();
        }
        return current;
    }
}
