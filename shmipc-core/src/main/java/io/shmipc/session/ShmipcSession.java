package io.shmipc.session;

import io.shmipc.BackPressureException;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.SessionClosedException;
import io.shmipc.SessionMetrics;
import io.shmipc.SharedMemoryException;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.StreamSnapshot;
import io.shmipc.WaitStrategy;
import io.shmipc.channel.Connection;
import io.shmipc.channel.EventLoop;
import io.shmipc.channel.MessageType;
import io.shmipc.shm.CorruptMemoryException;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.Region;
import io.shmipc.shm.SharedRegion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session after its handshake, as client or as server.
 *
 * <p>Ends once: by {@link #close()}, by the peer, by a broken connection, or by a peer that broke the protocol. Its
 * streams then end too; the memory stays mapped until they were closed.
 *
 * <p><b>Threads:</b> any.
 */
public final class ShmipcSession implements Session {

    private static final Logger LOG = LoggerFactory.getLogger(ShmipcSession.class);
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String id;
    private final boolean client;
    private final ShmipcConfig config;
    private final Connection connection;
    private final SessionMemory memory;
    private final Region region;
    private final QueuePair queues;
    private final SessionListener listener;
    private final EventLoop loop;
    private final Executor callbackExecutor;
    private final ControlSender control;
    private final StreamSender sender;
    private final UnreadFallback unreadFallback;
    private final QueueConsumer consumer;
    private final SessionStreams streams;
    private final SessionCounters counters = new SessionCounters();
    private final CircuitBreaker breaker;
    private final SessionEnd end;
    private volatile boolean callbacks;

    private ShmipcSession(
            boolean client,
            ShmipcConfig config,
            Connection connection,
            SessionMemory memory,
            SessionListener listener,
            WaitStrategy.Waiting waiting,
            int maxStreams) {
        this.id = (client ? "client-" : "server-") + NUMBERS.incrementAndGet();
        this.client = client;
        this.config = config;
        this.connection = connection;
        this.memory = memory;
        this.region = memory.region().usedBy(this::damaged);
        this.queues = memory.queues();
        this.listener = listener;
        this.streams = new SessionStreams(this, maxStreams);
        this.callbacks = listener.takesStreams();
        this.callbackExecutor = CallbackExecutors.of(config);
        this.breaker = new CircuitBreaker(config.circuitBreakerInterval(), System::nanoTime);
        this.loop = EventLoop.acquire();
        this.control = new ControlSender(this, connection, loop);
        this.sender = new StreamSender(this, connection, control, queues.send(), config.backPressureTimeout());
        this.unreadFallback = new UnreadFallback(config.unreadFallbackBytes());
        this.consumer = new QueueConsumer(this, queues.receive(), connection, loop, waiting);
        this.end = new SessionEnd(this, config, connection, memory, consumer, loop);
    }

    /**
     * Begins a session over a connection whose handshake is done. Owns connection and memory from now on.
     *
     * @param maxStreams how many streams may be open at once
     */
    public static ShmipcSession begin(
            boolean client,
            ShmipcConfig config,
            Connection connection,
            SessionMemory memory,
            SessionListener listener,
            int maxStreams) {
        ShmipcSession session;
        try {
            WaitStrategy.Waiting waiting = config.waitStrategy().newWaiting();
            session = new ShmipcSession(client, config, connection, memory, listener, waiting, maxStreams);
        } catch (RuntimeException | Error e) {
            connection.close();
            memory.releaseAll();
            throw e;
        }
        try {
            session.consumer.start();
        } catch (IOException e) {
            throw session.fail(new ShmipcException(
                    Reason.SYSTEM_CALL_FAILED, "The connection cannot be watched: " + e.getMessage(), e));
        }
        MonitorSchedule.begin(session, config);
        LOG.debug("{} to {} has begun", session, connection.remoteAddress());
        return session;
    }

    // ---------------------------------------------------------------- parts, for the other classes of this room

    Region region() {
        return region;
    }

    /** Returns the region with its memory, which other sessions may share. */
    public SharedRegion sharedRegion() {
        return memory.shared();
    }

    /** Adds a use of the region, for a stream. */
    void retainMemory() {
        if (!memory.retain()) {
            throw closedException();
        }
    }

    void releaseMemory() {
        memory.release();
    }

    SessionCounters counters() {
        return counters;
    }

    SessionListener listener() {
        return listener;
    }

    ShmipcConfig config() {
        return config;
    }

    UnreadFallback unreadFallback() {
        return unreadFallback;
    }

    SessionStreams streams() {
        return streams;
    }

    StreamSender sender() {
        return sender;
    }

    QueueConsumer consumer() {
        return consumer;
    }

    Executor callbackExecutor() {
        return callbackExecutor;
    }

    /** Returns whether streams of this session may have callbacks, which nobody who waits serves: the event loop looks. */
    boolean hasCallbacks() {
        return callbacks;
    }

    void usesCallbacks() {
        callbacks = true;
    }

    /**
     * Notes that the region refused memory to a message. One that not even the empty region could hold says nothing
     * about the memory, so it does not open the breaker.
     */
    void ranOut(int messageBytes) {
        if (messageBytes <= region.capacityBytes()) {
            breaker.trip();
        }
    }

    /**
     * Notes that the peer began to send a stream's messages through the connection. It was refused memory, unless its
     * message had a part that no slice could hold. Of a longer one a look at the region, which is the peer's as well,
     * tells which; a short one has no such part, whatever was given back since.
     */
    void peerFellBack(int messageBytes) {
        if (messageBytes <= region.largestSliceBytes() || !region.hasRoomFor(messageBytes)) {
            ranOut(messageBytes);
        }
    }

    /** Notes that a message went through shared memory. */
    void sentShared() {
        breaker.succeeded();
    }

    /** Asks the client to connect to this server's successor; waits for nothing, and ends the session if it fails. */
    public void sendHotRestart(long epoch) {
        control.post(MessageType.HOT_RESTART, epoch);
    }

    /**
     * Tells the server that this client has connected to its successor; waits for nothing, and ends the session if it
     * fails.
     *
     * @return whether the session goes on
     */
    public boolean sendHotRestartAck(long epoch) {
        return control.post(MessageType.HOT_RESTART_ACK, epoch) == null;
    }

    /** Counts a hot restart that this session took part in. */
    public void countHotRestart(boolean succeeded) {
        (succeeded ? counters.hotRestartSuccesses : counters.hotRestartErrors).increment();
    }

    // ---------------------------------------------------------------- streams

    @Override
    public Stream openStream() {
        if (!client) {
            throw new IllegalStateException("Only clients open streams; a server gets them when clients write.");
        }
        if (end.hasBegun()) {
            throw closedException();
        }
        if (!breaker.tryPass()) {
            throw new BackPressureException(
                    Reason.SESSION_UNHEALTHY,
                    id + " ran out of shared memory and opens no streams for " + config.circuitBreakerInterval()
                            + ". Try another session or later, or raise regionBytes.");
        }
        return streams.open();
    }

    @Override
    public Stream acceptStream(Duration timeout) {
        return streams.accept(timeout);
    }

    // ---------------------------------------------------------------- what the consumer found

    void onPolling() {
        counters.receivedSyncEvents.increment();
        consumer.onPolling();
    }

    void endedByPeer() {
        if (!end.hasBegun() && streams.hasOpen()) {
            counters.connectionErrors.increment();
        }
        end.begin("the peer closed the connection", false);
    }

    void connectionLost(IOException e) {
        counters.connectionErrors.increment();
        end.begin("the connection broke: " + e.getMessage(), false);
    }

    /** Ends the session because of an error; returns what to throw to a caller who met it. */
    ShmipcException fail(ShmipcException e) {
        if (end.hasBegun()) {
            return closedException();
        }
        counters.connectionErrors.increment();
        LOG.warn("{} with {} ends: {}", id, connection.remoteAddress(), e.getMessage());
        end.begin(String.valueOf(e.getMessage()), false);
        return e;
    }

    /**
     * A message could not be sent; returns what to throw to the sender. If the connection broke, what the peer sent
     * before is still there, so the session ends when that was delivered.
     */
    ShmipcException sendFailed(ShmipcException e) {
        if (e.reason() != Reason.SESSION_SHUTDOWN || end.hasBegun()) {
            return fail(e);
        }
        consumer.endAfterDraining(e);
        return new SessionClosedException(Reason.SESSION_SHUTDOWN, id + " is ending: " + e.getMessage(), e);
    }

    /**
     * Ends the session because there is no memory any more behind its mappings, which the JVM tells by this error;
     * returns what to throw to a caller who met it.
     */
    ShmipcException memoryLost(InternalError fault) {
        return fail(new SharedMemoryException(
                Reason.SYSTEM_CALL_FAILED,
                "The peer has taken memory away that both sides use: it shrank the file, or the file system is full.",
                fault));
    }

    /** Ends the session because of whatever was thrown while it worked; returns what to throw to a caller who met it. */
    ShmipcException broken(Throwable cause) {
        if (cause instanceof InternalError fault) {
            return memoryLost(fault);
        }
        if (cause instanceof ShmipcException failure) {
            return fail(failure);
        }
        if (!end.hasBegun()) {
            LOG.error("{} cannot go on", this, cause);
        }
        return fail(new ShmipcException(
                Reason.SESSION_SHUTDOWN, "What the peer sent could not be delivered: " + cause, cause));
    }

    private RuntimeException damaged(Throwable damage) {
        return damage instanceof InternalError fault ? memoryLost(fault) : fail((CorruptMemoryException) damage);
    }

    // ---------------------------------------------------------------- end

    @Override
    public void close() {
        end.begin("it was closed on this side", true);
        streams.refuseUnaccepted();
    }

    /** Closes the session unless a stream is open, or is being opened. */
    public void closeIfIdle() {
        if (streams.closeIfEmpty()) {
            close();
        }
    }

    /** Returns what an operation on the closed session throws. */
    SessionClosedException closedException() {
        return new SessionClosedException(
                Reason.SESSION_SHUTDOWN, id + " has ended: " + end.reason() + ". Get a stream of another session.");
    }

    // ---------------------------------------------------------------- what users ask

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean isClient() {
        return client;
    }

    @Override
    public boolean isClosed() {
        return end.hasBegun();
    }

    @Override
    public boolean isHealthy() {
        return !end.hasBegun() && !streams.isExhausted() && breaker.isPassable();
    }

    @Override
    public int activeStreamCount() {
        return streams.size();
    }

    @Override
    public int activeCallbackCount() {
        return streams.activeCallbacks();
    }

    @Override
    public List<StreamSnapshot> activeStreams() {
        return streams.snapshots();
    }

    @Override
    public SessionMetrics metrics() {
        return counters.metrics(queues, end.hasBegun(), streams.size(), region);
    }

    @Override
    public long regionId() {
        return memory.shared().memory().id();
    }

    @Override
    public ShmipcAddress localAddress() {
        return connection.localAddress();
    }

    @Override
    public ShmipcAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public CompletionStage<String> closeFuture() {
        return end.future().minimalCompletionStage();
    }

    @Override
    public String toString() {
        return "session " + id;
    }
}
