package io.shmipc.socket;

import io.shmipc.client.SessionManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.SocketFactory;

/**
 * Makes sockets that are streams of one session manager.
 *
 * <p>Whatever host and port a caller names, the socket leads to the manager's server: the names are kept for
 * {@link java.net.Socket#getInetAddress()} and {@link java.net.Socket#getPort()}, and are not looked up. The factory
 * does not close the manager.
 *
 * <p><b>Threads:</b> any.
 */
public final class ShmipcSocketFactory extends SocketFactory {

    private final SessionManager manager;

    public ShmipcSocketFactory(SessionManager manager) {
        this.manager = manager;
    }

    @Override
    public ShmipcSocket createSocket() throws IOException {
        return new ShmipcSocket(manager);
    }

    @Override
    public ShmipcSocket createSocket(String host, int port) throws IOException {
        return connected(InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public ShmipcSocket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public ShmipcSocket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public ShmipcSocket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
            throws IOException {
        return createSocket(host, port);
    }

    private ShmipcSocket connected(InetSocketAddress named) throws IOException {
        ShmipcSocket socket = createSocket();
        socket.connect(named);
        return socket;
    }
}
