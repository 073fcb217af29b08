package io.shmipc.socket;

import io.shmipc.Network;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcException;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import org.jspecify.annotations.Nullable;

/**
 * The listener under a server socket.
 *
 * <p><b>Threads:</b> any; {@link java.net.ServerSocket} sees to it that it listens once.
 */
final class ListenerSocketImpl extends OptionHolder {

    private final ListenerConfig config;
    private volatile @Nullable Backlog backlog;
    private volatile ShmipcAddress listeningAddress;
    private boolean closed;

    ListenerSocketImpl(ListenerConfig config) {
        this.config = config;
        this.listeningAddress = config.address();
    }

    ShmipcAddress listeningAddress() {
        return listeningAddress;
    }

    @Override
    protected void bind(InetAddress host, int port) {
        address = host;
        localport = port;
    }

    @Override
    protected synchronized void listen(int connections) throws IOException {
        if (closed) {
            throw Failures.closed(null);
        }
        Backlog waiting = new Backlog(connections);
        Listener listener = new Listener(waiting, config);
        try {
            listener.start();
        } catch (ShmipcException e) {
            BindException refused = new BindException(e.getMessage());
            refused.initCause(e);
            throw refused;
        }
        waiting.endsWith(listener::close);
        listeningAddress = listener.address();
        if (listeningAddress.network() == Network.TCP) {
            localport = listeningAddress.port();
        }
        backlog = waiting;
    }

    @Override
    protected void accept(SocketImpl target) throws IOException {
        Backlog waiting = backlog;
        if (waiting == null || !(target instanceof StreamSocketImpl socket)) {
            throw new SocketException("Socket is not bound yet");
        }
        socket.accepted(waiting.take(timeoutMillis()), localport, waiting::release);
    }

    @Override
    protected synchronized void close() {
        closed = true;
        Backlog waiting = backlog;
        if (waiting != null) {
            waiting.close();
        }
    }

    @Override
    protected void connect(String host, int port) throws SocketException {
        throw listens();
    }

    @Override
    protected void connect(InetAddress host, int port) throws SocketException {
        throw listens();
    }

    @Override
    protected void connect(SocketAddress endpoint, int timeoutMillis) throws SocketException {
        throw listens();
    }

    @Override
    protected InputStream getInputStream() throws SocketException {
        throw listens();
    }

    @Override
    protected OutputStream getOutputStream() throws SocketException {
        throw listens();
    }

    @Override
    protected int available() throws SocketException {
        throw listens();
    }

    private static SocketException listens() {
        return new SocketException("A server socket only listens: accept a connection to read and write.");
    }
}
