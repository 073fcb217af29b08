package io.shmipc.socket;

import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * A stream as a {@link Socket}.
 *
 * <p>It behaves like a TCP socket but for what follows.
 * <ul>
 *   <li><b>The client speaks first.</b> Connecting costs no message: the server learns of the connection with its first
 *       byte. A protocol in which the server says something first, to a client that waits for it, cannot run over this,
 *       nor can a client that ends its output before it wrote anything. HTTP, HTTP/2, gRPC and TLS are fine.
 *   <li><b>Every write is sent when it returns,</b> a single byte, too: a message of its own in a slice of its own.
 *       There is neither a buffer to flush nor Nagle's delay; as with any socket, put a {@link
 *       java.io.BufferedOutputStream} before many small writes. Large arrays go in pieces, so that the peer reads while
 * this side still writes.
 *   <li><b>A slow reader holds its writer back by the memory.</b> A socket that sends and sends waits while the region
 *       of its session is more than three quarters full. The last quarter is for sockets that take turns with their
 *       peers. After 10 s a piece goes through the connection instead.
 *   <li><b>Addresses are names only.</b> {@link #connect} leads to the manager's server whatever it is given.
 *   <li><b>Options</b> are kept and given back, but only {@code SO_TIMEOUT} does anything. There is no urgent data, and
 *       closing with {@code SO_LINGER} 0 closes like any other. An interrupt does not disturb a read.
 *   <li><b>{@link #shutdownInput()}</b> ends a read that another thread waits in after half a second at most.
 * </ul>
 *
 * <p>The JDK's own Socket keeps what is open, connected or shut down, and refuses with its own words; underneath, a
 * {@link java.net.SocketImpl} is the stream. A subclass that overrode each method instead would have to repeat all of
 * that, and would fall through to a real socket wherever a newer JDK adds a method.
 *
 * <p><b>Threads:</b> any, as with any socket.
 */
public final class ShmipcSocket extends Socket {

    private final StreamSocketImpl impl;

    /** Makes an unconnected socket to the manager's server. */
    public ShmipcSocket(SessionManager manager) throws SocketException {
        this(new StreamSocketImpl(new StreamOpener(manager)));
    }

    /** Makes a socket over an impl, which a server socket may connect. */
    ShmipcSocket(StreamSocketImpl impl) throws SocketException {
        super(impl);
        this.impl = impl;
    }

    /**
     * Opens a stream to the manager's server.
     *
     * @param endpoint any address; what it says is given back by {@link #getInetAddress()} and {@link #getPort()}
     * @param timeoutMillis ignored: opening a stream does not wait
     * @throws java.net.ConnectException if no session gives out streams now
     */
    @Override
    public void connect(@Nullable SocketAddress endpoint, int timeoutMillis) throws IOException {
        super.connect(endpoint == null ? null : inetAddress(endpoint), timeoutMillis);
    }

    /** Accepts any address and ignores it. */
    @Override
    public void bind(@Nullable SocketAddress bindpoint) throws IOException {
        super.bind(bindpoint == null ? null : inetAddress(bindpoint));
    }

    private static InetSocketAddress inetAddress(SocketAddress address) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        if (!(address instanceof InetSocketAddress inet)) {
            return new InetSocketAddress(loopback, 0);
        }
        return inet.isUnresolved() ? new InetSocketAddress(loopback, inet.getPort()) : inet;
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        Stream stream = impl.stream();
        return stream == null || !isConnected() ? null : ShmipcSocketAddress.of(stream);
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        Stream stream = impl.stream();
        return stream == null || !isConnected() ? super.getLocalSocketAddress() : ShmipcSocketAddress.of(stream);
    }

    @Override
    public String toString() {
        SocketAddress remote = getRemoteSocketAddress();
        return "ShmipcSocket[" + (remote == null ? "unconnected" : remote) + "]";
    }
}
