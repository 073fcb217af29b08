package io.shmipc.socket;

import io.shmipc.ShmipcAddress;
import io.shmipc.client.SessionManager;
import io.shmipc.server.ListenerConfig;
import java.io.IOException;

/** The short way to sockets over shared memory. */
public final class ShmipcSockets {

    private ShmipcSockets() {}

    /**
     * Listens on an address with the default configuration; close the socket to stop.
     *
     * @throws java.net.BindException if the address is in use or cannot be bound
     */
    public static ShmipcServerSocket listen(ShmipcAddress address) throws IOException {
        return listen(address, ShmipcServerSocket.DEFAULT_BACKLOG);
    }

    /**
     * Listens on an address with the default configuration; close the socket to stop.
     *
     * @param backlog how many connections may wait to be accepted; further ones are closed
     * @throws java.net.BindException if the address is in use or cannot be bound
     */
    public static ShmipcServerSocket listen(ShmipcAddress address, int backlog) throws IOException {
        ShmipcServerSocket server =
                new ShmipcServerSocket(ListenerConfig.builder(address).build());
        server.bind(null, backlog);
        return server;
    }

    /**
     * Returns a socket connected to the manager's server.
     *
     * @throws java.net.ConnectException if no session gives out streams now
     */
    public static ShmipcSocket connect(SessionManager manager) throws IOException {
        ShmipcSocket socket = new ShmipcSocket(manager);
        socket.connect(new ShmipcSocketAddress(manager.config().address()));
        return socket;
    }
}
