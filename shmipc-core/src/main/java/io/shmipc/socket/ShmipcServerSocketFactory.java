package io.shmipc.socket;

import io.shmipc.server.ListenerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.net.ServerSocketFactory;

/**
 * Makes server sockets that listen on one shmipc address, one at a time.
 *
 * <p>Whatever port and interface a caller names, the socket listens on the configured address.
 *
 * <p><b>Threads:</b> any.
 */
public final class ShmipcServerSocketFactory extends ServerSocketFactory {

    private final ListenerConfig config;

    public ShmipcServerSocketFactory(ListenerConfig config) {
        this.config = config;
    }

    @Override
    public ShmipcServerSocket createServerSocket() throws IOException {
        return new ShmipcServerSocket(config);
    }

    @Override
    public ShmipcServerSocket createServerSocket(int port) throws IOException {
        return createServerSocket(port, ShmipcServerSocket.DEFAULT_BACKLOG);
    }

    @Override
    public ShmipcServerSocket createServerSocket(int port, int backlog) throws IOException {
        ShmipcServerSocket server = createServerSocket();
        server.bind(new InetSocketAddress(port), backlog);
        return server;
    }

    @Override
    public ShmipcServerSocket createServerSocket(int port, int backlog, InetAddress localAddress) throws IOException {
        return createServerSocket(port, backlog);
    }
}
