package io.shmipc.server;

import io.shmipc.ConnectException;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcException;
import io.shmipc.channel.Connection;
import io.shmipc.channel.Ends;
import io.shmipc.channel.EventLoop;
import io.shmipc.session.ServerHandshake;
import io.shmipc.session.SessionListener;
import io.shmipc.session.SessionMemory;
import io.shmipc.session.ShmipcSession;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Makes sessions of connections that the user accepted, without a {@link Listener}.
 *
 * <p>The streams that the client opens wait for {@link Session#acceptStream}. A {@code java.nio} channel tells nobody its
 * descriptor, so whoever wants the sockets in hand listens with {@link Sockets}:
 *
 * <pre>{@code
 * try (Descriptor listening = Sockets.listenUnix("/run/app/server.sock", 16, 0600, null)) {
 *     Sockets.poll(listening, PollSet.IN, -1);
 *     Descriptor connection = Sockets.accept(listening); // null if the client has gone meanwhile
 *     try (Session session = ServerSessions.accept(connection, config)) {
 *         Stream stream = session.acceptStream(Duration.ofSeconds(30));
 *     }
 * }
 * }</pre>
 *
 * <p>A connection that another process accepted arrives by {@link Sockets#receiveDescriptors}; one that this process was
 * started with, as services are by systemd, is known by its number.
 *
 * <p><b>Threads:</b> any.
 */
public final class ServerSessions {

    private ServerSessions() {}

    /**
     * Performs the server's half of the handshake.
     *
     * @param connection a connected unix or TCP socket, which belongs to the session from now on
     * @param config its address tells the kind of connection; backlog and limits of sessions do not apply
     * @return the session; waits for it up to the initialise time-out
     * @throws ConnectException if the client may not connect, or the handshake fails
     * @throws IllegalStateException on the event loop, where handshakes go on; the descriptor stays the caller's
     */
    public static Session accept(Descriptor connection, ListenerConfig config) {
        return onAnotherThread(loop -> establish(connection, config, loop));
    }

    /**
     * Performs the server's half of the handshake over a socket that is known by its number.
     *
     * @param descriptor the number of a connected unix or TCP socket, which belongs to the session from now on
     * @param config its address tells the kind of connection; backlog and limits of sessions do not apply
     * @return the session; waits for it up to the initialise time-out
     * @throws ConnectException if the number is no socket's, the client may not connect, or the handshake fails
     * @throws IllegalStateException on the event loop, where handshakes go on; the descriptor stays the caller's
     */
    public static Session accept(int descriptor, ListenerConfig config) {
        return onAnotherThread(loop -> establish(adopt(descriptor), config, loop));
    }

    /** Does what waits for the event loop, which it must not itself. */
    private static Session onAnotherThread(Function<EventLoop, Session> work) {
        EventLoop loop = EventLoop.acquire();
        try {
            loop.requireOtherThread("ServerSessions.accept");
            return work.apply(loop);
        } catch (CompletionException e) {
            throw e.getCause() instanceof ShmipcException cause ? cause : e;
        } finally {
            EventLoop.release();
        }
    }

    private static Session establish(Descriptor socket, ListenerConfig config, EventLoop loop) {
        Ends ends = admitted(socket, config);
        Connection connection = new Connection(
                socket, ends.local(), ends.remote(), config.config().connectionWriteTimeout());
        Accepting accepting = new Accepting(config);
        loop.execute(() -> accepting.attempt(() -> ServerHandshake.begin(
                connection, loop, config.config().initializeTimeout(), new PeerMemory(config), accepting)));
        return accepting.session.join();
    }

    private static Descriptor adopt(int descriptor) {
        try {
            return Sockets.adopt(descriptor);
        } catch (IOException e) {
            throw noConnection("Descriptor " + descriptor, e);
        }
    }

    private static Ends admitted(Descriptor connection, ListenerConfig config) {
        try {
            Ends ends = Ends.ofAccepted(connection, config.address());
            config.accessPolicy().requireAdmitted(connection, config.address());
            return ends;
        } catch (IOException e) {
            connection.close();
            throw noConnection(connection.toString(), e);
        } catch (ShmipcException e) {
            connection.close();
            throw e;
        }
    }

    private static ConnectException noConnection(String what, IOException e) {
        return new ConnectException(Reason.CONNECTION_FAILED, what + " is no connection: " + e.getMessage(), e);
    }

    /** Waits for one handshake; its session's streams wait to be accepted. */
    private static final class Accepting implements ServerHandshake.Outcome, SessionListener {

        private final ListenerConfig config;
        private final CompletableFuture<Session> session = new CompletableFuture<>();

        Accepting(ListenerConfig config) {
            this.config = config;
        }

        /** Does something on the event loop whose failure concerns whoever waits for the session. */
        void attempt(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                session.completeExceptionally(e);
            }
        }

        @Override
        public void succeeded(ServerHandshake handshake, Connection connection, SessionMemory memory) {
            attempt(() -> session.complete(ShmipcSession.begin(
                    false, config.config(), connection, memory, this, config.maxStreamsPerSession())));
        }

        @Override
        public void failed(ServerHandshake handshake, ShmipcException reason) {
            session.completeExceptionally(reason);
        }
    }
}
