package io.shmipc.channel;

import io.shmipc.Network;
import io.shmipc.ShmipcAddress;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of the two ends of a connection. Over TCP the system knows both. Of a unix socket only the server's end
 * has a name; the client's is called after its process.
 *
 * @param local this end's address
 * @param remote the peer's address
 */
public record Ends(ShmipcAddress local, ShmipcAddress remote) {

    /**
     * Returns the ends of a connection that a server accepted.
     *
     * @param listening where the server listens
     * @throws IOException if the client has gone meanwhile
     */
    public static Ends ofAccepted(Descriptor socket, ShmipcAddress listening) throws IOException {
        return listening.network() == Network.TCP
                ? tcp(socket, listening)
                : new Ends(listening, process(Sockets.credentials(socket).pid()));
    }

    /**
     * Returns the ends of a connection that a client made.
     *
     * @param dialed where the server listens
     * @throws IOException if the server has gone meanwhile
     */
    public static Ends ofDialed(Descriptor socket, ShmipcAddress dialed) throws IOException {
        return dialed.network() == Network.TCP
                ? tcp(socket, dialed)
                : new Ends(process(ProcessHandle.current().pid()), dialed);
    }

    private static Ends tcp(Descriptor socket, ShmipcAddress server) throws IOException {
        return new Ends(address(Sockets.localAddress(socket), server), address(Sockets.peerAddress(socket), server));
    }

    private static ShmipcAddress address(@Nullable InetSocketAddress told, ShmipcAddress otherwise) {
        return told == null ? otherwise : ShmipcAddress.tcp(told.getAddress().getHostAddress(), told.getPort());
    }

    /** Names an end without a name; the process is 0 if it is outside of this one's pid namespace. */
    private static ShmipcAddress process(long pid) {
        return new ShmipcAddress(Network.UNIX, pid == 0 ? "(unnamed)" : "(unnamed, pid " + pid + ")", 0);
    }
}
