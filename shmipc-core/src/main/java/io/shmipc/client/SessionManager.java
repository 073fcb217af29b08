package io.shmipc.client;

import io.shmipc.BackPressureException;
import io.shmipc.MemoryType;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.channel.DaemonThread;
import io.shmipc.channel.EventLoop;
import io.shmipc.session.SessionEnds;
import io.shmipc.session.ShmipcSession;
import io.shmipc.session.ShmipcStream;
import io.shmipc.shm.QueuePair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's sessions with one server, kept open, and the streams over them. Expensive to make, meant to be shared.
 *
 * <p>Streams are given out session by session in turn: each session has its own queue and its own waiting threads, so
 * neighbouring calls that land on different sessions do not wait for each other. Unhealthy sessions are passed over
 * while a healthy one is left.
 *
 * <p><b>Threads:</b> any.
 */
public final class SessionManager implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SessionManager.class);

    private static final long CLOSE_TIMEOUT_NANOS = Duration.ofSeconds(2).toNanos();

    private static @Nullable SessionManager global;

    private final SessionManagerConfig config;
    private final EventLoop loop;
    private final RegionSource regions;
    private final ScheduledThreadPoolExecutor maintenance;
    private final SessionSlot[] slots;
    private final ClientHotRestart hotRestart;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    private SessionManager(SessionManagerConfig config, EventLoop loop) {
        this.config = config;
        this.loop = loop;
        this.regions = new RegionSource(config.config());
        this.maintenance = new ScheduledThreadPoolExecutor(
                1, task -> new DaemonThread(task, "shmipc-maintenance-" + config.address()));
        maintenance.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Sessions may end while the manager closes; what they would schedule then is void.
        maintenance.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        SessionConnector connector = new SessionConnector(config.address(), config.config(), regions);
        this.slots = new SessionSlot[config.sessions()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new SessionSlot(config, connector, regions, maintenance, this::onHotRestart, this::onStalled);
        }
        this.hotRestart = new ClientHotRestart(slots, regions, maintenance);
    }

    private void onHotRestart(ShmipcSession session, long epoch) {
        hotRestart.onEvent(session, epoch);
    }

    private void onStalled(ShmipcSession session) {
        hotRestart.onStalled(session);
    }

    /** A container's limits are set by these numbers. */
    private static void tellMemory(SessionManagerConfig config) {
        ShmipcConfig memory = config.config();
        long queueBytes = QueuePair.mappingBytes(memory.queueCapacity());
        LOG.info(
                "sessions with {} take {} bytes of shared memory, as {}: a region of {} and {} times {} for queues",
                config.address(),
                memory.regionBytes() + config.sessions() * queueBytes,
                memory.memoryType() == MemoryType.FILE ? "files " + memory.pathPrefix() + "_*" : "memfds",
                memory.regionBytes(),
                config.sessions(),
                queueBytes);
    }

    /**
     * Opens all sessions.
     *
     * @throws io.shmipc.ConnectException if the server cannot be reached and the configuration does not connect lazily
     * @throws io.shmipc.SharedMemoryException if the memory cannot be had
     * @throws io.shmipc.UnsupportedPlatformException if this machine cannot run shmipc
     */
    public static SessionManager open(SessionManagerConfig config) {
        EventLoop loop = EventLoop.acquire();
        SessionManager manager = null;
        try {
            if (config.config().memoryType() == MemoryType.FILE) {
                StaleFiles.sweep(Path.of(config.config().pathPrefix()));
            }
            tellMemory(config);
            manager = new SessionManager(config, loop);
            manager.start();
            return manager;
        } catch (RuntimeException | Error e) {
            if (manager == null) {
                EventLoop.release();
            } else {
                manager.close();
            }
            throw e;
        }
    }

    private void start() {
        for (SessionSlot slot : slots) {
            slot.open();
        }
        long sweepNanos = Math.max(1, config.streamMaxIdleTime().toNanos() / 2);
        Future<?> unused = maintenance.scheduleWithFixedDelay(
                this::closeIdleStreams, sweepNanos, sweepNanos, TimeUnit.NANOSECONDS);
    }

    /** Opens the process's global session manager, or returns it if there is one already. */
    public static synchronized SessionManager initGlobal(SessionManagerConfig config) {
        SessionManager existing = global;
        if (existing != null && !existing.isClosed()) {
            return existing;
        }
        SessionManager created = open(config);
        global = created;
        return created;
    }

    /** Returns the process's global session manager, or null if there is none. */
    public static synchronized @Nullable SessionManager global() {
        return global;
    }

    /**
     * Returns an idle stream, or a new one; give it back with {@link #putBack}.
     *
     * @throws SessionClosedException if no session is open
     * @throws BackPressureException if no open session gives out streams now
     */
    public Stream getStream() {
        if (closed.get()) {
            throw new SessionClosedException(
                    Reason.SESSION_SHUTDOWN, "The session manager for " + config.address() + " is closed.");
        }
        int first = Math.floorMod(turn.getAndIncrement(), slots.length);
        BackPressureException refusal = null;
        SessionSlot open = null;
        for (int i = 0; i < slots.length; i++) {
            SessionSlot slot = slots[(first + i) % slots.length];
            if (slot.isHealthy()) {
                try {
                    return slot.getStream();
                } catch (BackPressureException e) {
                    // It was healthy a moment ago; another one may be still.
                    refusal = e;
                } catch (SessionClosedException e) {
                    // So was this one.
                }
            } else if (open == null && slot.isOpen()) {
                open = slot;
            }
        }
        if (refusal != null) {
            throw refusal;
        }
        return (open == null ? slots[first] : open).getStream();
    }

    /**
     * Takes back a stream for its next user, or closes it if it cannot be used again. A callback of the stream may call
     * it, as the last thing that it does.
     *
     * @throws IllegalArgumentException if the stream did not come from a session manager
     * @throws IllegalStateException if it was put back already
     */
    public void putBack(Stream stream) {
        if (!(stream instanceof ShmipcStream own) || !(own.owner() instanceof SessionSlot slot)) {
            throw new IllegalArgumentException(stream + " did not come from a session manager: close it instead.");
        }
        slot.putBack(own);
    }

    /** Runs {@code work} with a stream; puts the stream back, or closes it if the work throws. */
    public <T> T execute(StreamFunction<T> work) {
        Stream stream = getStream();
        boolean done = false;
        try {
            T result = work.apply(stream);
            done = true;
            return result;
        } finally {
            if (done) {
                putBack(stream);
            } else {
                stream.close();
            }
        }
    }

    /** Returns the sessions; a lost one is listed until another takes its place. */
    public List<Session> sessions() {
        List<Session> sessions = new ArrayList<>(slots.length);
        for (SessionSlot slot : slots) {
            Session session = slot.session();
            if (session != null) {
                sessions.add(session);
            }
        }
        return sessions;
    }

    /** Returns what this manager was made with. */
    public SessionManagerConfig config() {
        return config;
    }

    /** Returns whether {@link #close()} was called. */
    public boolean isClosed() {
        return closed.get();
    }

    private void closeIdleStreams() {
        for (SessionSlot slot : slots) {
            try {
                slot.closeIdleStreams();
            } catch (RuntimeException | Error e) {
                LOG.warn("idle streams of {} were not closed; they will be looked at again", slot.session(), e);
            }
        }
    }

    /**
     * Closes all sessions and streams and gives the memory back. Closing twice does nothing.
     *
     * <p>Waits up to 2 s for the sessions to end, except on the event loop, where they end when the caller returns.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<Session> ending = new ArrayList<>();
        for (SessionSlot slot : slots) {
            ShmipcSession session = slot.close();
            if (session != null) {
                ending.add(session);
            }
        }
        maintenance.shutdown();
        hotRestart.close();
        if (!loop.isCurrentThread()) {
            awaitEnd(ending);
        }
        regions.close();
        EventLoop.release();
    }

    private static void awaitEnd(List<Session> sessions) {
        try {
            SessionEnds.await(sessions, System.nanoTime() + CLOSE_TIMEOUT_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
