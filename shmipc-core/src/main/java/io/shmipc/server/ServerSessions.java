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

/**
 * Makes sessions of connections that the user accepted, without a {@link Listener}.
 *
 * <p>The streams that the client opens wait for {@link Session#acceptStream}.
 *
 * <p><b>Threads:</b> any.
 */
public final class ServerSessions {

    private ServerSessions() {}

    /**
     * Performs the server's half of the handshake.
     *
     * @param descriptor the number of a connected unix or TCP socket, which belongs to the session from now on
     * @param config its address tells the kind of connection; backlog and limits of sessions do not apply
     * @return the session; waits for it up to the initialise time-out
     * @throws ConnectException if the client may not connect, or the handshake fails
     * @throws IllegalStateException on the event loop, where handshakes go on; the descriptor stays the caller's
     */
    public static Session accept(int descriptor, ListenerConfig config) {
        EventLoop loop = EventLoop.acquire();
        try {
            loop.requireOtherThread("ServerSessions.accept");
            Connection connection = adopt(descriptor, config);
            Accepting accepting = new Accepting(config);
            loop.execute(() -> accepting.attempt(() -> ServerHandshake.begin(
                    connection, loop, config.config().initializeTimeout(), new PeerMemory(config), accepting)));
            return accepting.session.join();
        } catch (IOException e) {
            throw new ConnectException(
                    Reason.CONNECTION_FAILED, "Descriptor " + descriptor + " is no connection: " + e.getMessage(), e);
        } catch (CompletionException e) {
            throw e.getCause() instanceof ShmipcException cause ? cause : e;
        } finally {
            EventLoop.release();
        }
    }

    private static Connection adopt(int descriptor, ListenerConfig config) throws IOException {
        Descriptor socket = Sockets.adopt(descriptor);
        try {
            Ends ends = Ends.ofAccepted(socket, config.address());
            config.accessPolicy().requireAdmitted(socket, config.address());
            return new Connection(
                    socket, ends.local(), ends.remote(), config.config().connectionWriteTimeout());
        } catch (IOException | ShmipcException e) {
            socket.close();
            throw e;
        }
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
