package io.shmipc.server;

import io.shmipc.HotRestartException;
import io.shmipc.ListenCallback;
import io.shmipc.Network;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.channel.Connection;
import io.shmipc.channel.Ends;
import io.shmipc.channel.EventLoop;
import io.shmipc.session.CallbackExecutors;
import io.shmipc.session.ServerHandshake;
import io.shmipc.session.SessionListener;
import io.shmipc.session.SessionMemory;
import io.shmipc.session.ShmipcSession;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections, follows their handshakes, and keeps the sessions that come of them.
 *
 * <p><b>Threads:</b> the event loop's, but for {@link #start()}, {@link #sessions()}, {@link #hotRestart} and {@link
 * #isHotRestartUnderWay()}.
 */
final class Acceptor implements SessionListener, ServerHandshake.Outcome {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    /** When descriptors have run out, some time must pass before another attempt can succeed. */
    private static final long RETRY_NANOS = Duration.ofMillis(10).toNanos();

    private static final int ACCEPTS_AT_A_TIME = 64;

    private ListeningSocket socket;
    private final ShmipcAddress address;
    private final ListenerConfig config;
    private final ListenCallback callback;
    private final EventLoop loop;
    private final Executor callbackExecutor;
    private final PeerMemory memory;
    private final RefusalLog refusals = new RefusalLog();
    private final Set<ServerHandshake> handshakes = new LinkedHashSet<>();
    private final Set<ShmipcSession> sessions = ConcurrentHashMap.newKeySet();
    private final ServerHotRestart hotRestart;
    private long key;
    private boolean listening;
    private boolean retrying;
    private boolean stopped;

    Acceptor(ListeningSocket socket, ListenerConfig config, ListenCallback callback, EventLoop loop) {
        this.socket = socket;
        this.address = socket.address();
        this.config = config;
        this.callback = callback;
        this.loop = loop;
        this.callbackExecutor = CallbackExecutors.of(config.config());
        this.memory = new PeerMemory(config);
        this.hotRestart = new ServerHotRestart(loop);
    }

    void start() {
        listening = true;
        try {
            key = loop.register(socket.descriptor(), this::acceptAll);
        } catch (IOException e) {
            socket.close(true);
            throw new ShmipcException(
                    Reason.SYSTEM_CALL_FAILED, "The socket " + address + " cannot be watched: " + e.getMessage(), e);
        }
    }

    /** Accepts who waits, some at a time: more of them may come as fast as they are accepted. */
    private void acceptAll() {
        for (int accepts = 0; listening && accepts < ACCEPTS_AT_A_TIME; accepts++) {
            try {
                Descriptor accepted = Sockets.accept(socket.descriptor());
                if (accepted == null) {
                    return;
                }
                welcome(accepted);
            } catch (IOException e) {
                refusals.refused("accepting on " + address + " failed, and is tried again: " + e.getMessage());
                retryLater();
                return;
            }
        }
        if (listening) {
            loop.execute(this::acceptAll);
        }
    }

    private void retryLater() {
        if (!retrying) {
            retrying = true;
            loop.schedule(RETRY_NANOS, () -> {
                retrying = false;
                acceptAll();
            });
        }
    }

    private void welcome(Descriptor accepted) {
        Connection connection;
        String client = "unknown";
        try {
            Ends ends = Ends.ofAccepted(accepted, address);
            client = ends.remote().toString();
            config.accessPolicy().requireAdmitted(accepted, address);
            if (refusesOneMore(ends.remote())) {
                accepted.close();
                return;
            }
            connection = new Connection(
                    accepted, ends.local(), ends.remote(), config.config().connectionWriteTimeout());
        } catch (IOException | ShmipcException | OutOfMemoryError e) {
            accepted.close();
            refusals.refused(client + ": " + e.getMessage());
            return;
        }
        if (handshakes.size() >= config.maxHandshakes()) {
            handshakes.iterator().next().giveUp("it gave way to a newer one: " + handshakes.size() + " were under way");
        }
        ServerHandshake handshake =
                ServerHandshake.begin(connection, loop, config.config().initializeTimeout(), memory, this);
        if (!handshake.isDone()) {
            handshakes.add(handshake);
        }
    }

    /** Returns whether the limit of sessions is reached, and tells that a client is refused for it. */
    private boolean refusesOneMore(ShmipcAddress client) {
        if (sessions.size() < config.maxSessions()) {
            return false;
        }
        refusals.refused(
                client + ": " + address + " has " + sessions.size() + " sessions, its limit. Raise maxSessions.");
        return true;
    }

    // ---------------------------------------------------------------- handshakes

    @Override
    public void succeeded(ServerHandshake handshake, Connection connection, SessionMemory mapped) {
        handshakes.remove(handshake);
        if (refusesOneMore(connection.remoteAddress())) {
            mapped.releaseAll();
            connection.close();
            return;
        }
        ShmipcSession session =
                ShmipcSession.begin(false, config.config(), connection, mapped, this, config.maxStreamsPerSession());
        sessions.add(session);
        tell(() -> callback.onNewSession(session));
    }

    @Override
    public void failed(ServerHandshake handshake, ShmipcException reason) {
        handshakes.remove(handshake);
        if (!stopped) {
            refusals.refused(reason.getMessage());
        }
    }

    // ---------------------------------------------------------------- sessions

    @Override
    public boolean takesStreams() {
        return true;
    }

    @Override
    public void onNewStream(Stream stream) {
        callback.onNewStream(stream);
    }

    /** Comes from whoever reads the session's socket, which may be a thread that waits for data. */
    @Override
    public void onHotRestartAck(ShmipcSession session, long epoch) {
        loop.execute(() -> hotRestart.onAcknowledged(session, epoch));
    }

    @Override
    public void onClosed(ShmipcSession session, String reason) {
        sessions.remove(session);
        hotRestart.onClosed(session);
        tell(() -> callback.onSessionClosed(session));
    }

    /** Calls the listener's owner, whose failures are no concern of the event loop's. */
    private void tell(Runnable call) {
        try {
            callbackExecutor.execute(() -> {
                try {
                    call.run();
                } catch (RuntimeException e) {
                    LOG.error("a callback of the listener on {} failed", address, e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.warn("the callback executor of the listener on {} takes no tasks", address, e);
        }
    }

    List<Session> sessions() {
        return new ArrayList<>(sessions);
    }

    /** Begins a hot restart; throws if one is under way, a client is in its handshake, or the listener was closed. */
    CompletableFuture<Void> hotRestart(long epoch) {
        // Whoever closes the listener meanwhile may hold the loop's last other lease: it must answer first.
        EventLoop held = EventLoop.acquire();
        try {
            if (held != loop) {
                throw closed();
            }
            return loop.isCurrentThread() ? beginHotRestart(epoch) : hotRestartOnLoop(epoch);
        } finally {
            EventLoop.release();
        }
    }

    private CompletableFuture<Void> hotRestartOnLoop(long epoch) {
        CompletableFuture<CompletableFuture<Void>> begun = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                begun.complete(beginHotRestart(epoch));
            } catch (RuntimeException | Error e) {
                begun.completeExceptionally(e);
            }
        });
        try {
            return begun.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("The listener on " + address + " was closed: make another one.");
    }

    private CompletableFuture<Void> beginHotRestart(long epoch) {
        if (stopped) {
            throw closed();
        }
        boolean handsOver = sharesPort();
        if (handsOver) {
            acceptAll();
        }
        if (!handshakes.isEmpty()) {
            throw new HotRestartException(
                    Reason.IN_HANDSHAKE_STAGE,
                    handshakes.size() + " clients of " + address + " are in their handshakes. Try again in a moment.");
        }
        if (handsOver) {
            stopListening(false);
        }
        CompletableFuture<Void> restart = hotRestart.begin(epoch, sessions);
        return handsOver ? restart.whenComplete((done, failure) -> resumeUnlessDone(failure)) : restart;
    }

    /**
     * Returns whether this listener and its successor share a port. The system spreads new connections over all sockets
     * that listen on it, so this one must not listen any more when clients are told to connect to the successor.
     */
    private boolean sharesPort() {
        return listening && address.network() == Network.TCP && config.takeOver() && !hotRestart.isUnderWay();
    }

    private void resumeUnlessDone(@Nullable Throwable failure) {
        if (failure == null || stopped) {
            return;
        }
        try {
            socket = socket.reopen(config);
            start();
        } catch (ShmipcException e) {
            LOG.error("no client can connect any more: {}", e.getMessage());
        }
    }

    private void stopListening(boolean unlink) {
        if (listening) {
            listening = false;
            loop.unregister(socket.descriptor(), key);
            socket.close(unlink);
        }
    }

    boolean isHotRestartUnderWay() {
        return hotRestart.isUnderWay();
    }

    /** Ends everything; the sessions' ends follow. */
    void stop(boolean unlink) {
        stopped = true;
        stopListening(unlink);
        hotRestart.cancel();
        new ArrayList<>(handshakes).forEach(handshake -> handshake.giveUp("the listener was closed"));
        sessions.forEach(ShmipcSession::close);
    }
}
