package io.shmipc.socket;

import io.shmipc.ShmipcAddress;
import io.shmipc.server.ListenerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * A listener as a {@link ServerSocket}: accepts the streams that clients open.
 *
 * <p>It behaves like a TCP server socket but for what follows.
 * <ul>
 *   <li><b>A connection is there to be accepted once its client has written.</b> Until then the server cannot know of
 *       it, so it cannot greet; see {@link ShmipcSocket}. Connections that begin at the same time come in any order.
 *   <li><b>It listens on its configuration's address,</b> whatever {@link #bind} is given. A port asked for is given
 *       back by {@link #getLocalPort()}; over TCP it is the one that was bound.
 *   <li><b>A full backlog closes further connections</b> where TCP would make them wait: their clients meet the end of
 *       the stream. {@link #bind(SocketAddress)} therefore lets {@value #DEFAULT_BACKLOG} wait, not the JDK's 50.
 *   <li><b>{@link #close()} leaves accepted sockets alone,</b> as it should. They live in the listener's sessions, so
 *       the listener ends, and its address is free, when the last of them is closed; meanwhile new connections are
 * closed. </ul>
 *
 * <p><b>Threads:</b> any; several may accept at once.
 */
public final class ShmipcServerSocket extends ServerSocket {

    /** How many connections wait to be accepted when nobody says how many. */
    public static final int DEFAULT_BACKLOG = 4096;

    private final ListenerSocketImpl impl;

    /** Makes an unbound server socket, which will listen on the configuration's address. */
    public ShmipcServerSocket(ListenerConfig config) {
        this(new ListenerSocketImpl(config));
    }

    private ShmipcServerSocket(ListenerSocketImpl impl) {
        super(impl);
        this.impl = impl;
    }

    /**
     * Begins to listen with the default backlog.
     *
     * @param endpoint any address, or null; its port is given back by {@link #getLocalPort()}
     * @throws java.net.BindException if the configured address is in use or cannot be bound
     */
    @Override
    public void bind(@Nullable SocketAddress endpoint) throws IOException {
        bind(endpoint, DEFAULT_BACKLOG);
    }

    /**
     * Begins to listen.
     *
     * @param endpoint any address, or null; its port is given back by {@link #getLocalPort()}
     * @param backlog how many connections may wait to be accepted; 0 or less for the default
     * @throws java.net.BindException if the configured address is in use or cannot be bound
     */
    @Override
    public void bind(@Nullable SocketAddress endpoint, int backlog) throws IOException {
        int port = endpoint instanceof InetSocketAddress inet ? inet.getPort() : 0;
        super.bind(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), backlog < 1 ? DEFAULT_BACKLOG : backlog);
    }

    @Override
    public ShmipcSocket accept() throws IOException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isBound()) {
            throw new SocketException("Socket is not bound yet");
        }
        ShmipcSocket socket = new ShmipcSocket(new StreamSocketImpl(null));
        implAccept(socket);
        return socket;
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return isBound() ? new ShmipcSocketAddress(impl.listeningAddress()) : null;
    }

    /** Returns where this socket listens; once bound over TCP, with the actual port. */
    public ShmipcAddress address() {
        return impl.listeningAddress();
    }

    @Override
    public String toString() {
        return "ShmipcServerSocket[" + impl.listeningAddress() + (isBound() ? "]" : ", unbound]");
    }
}
