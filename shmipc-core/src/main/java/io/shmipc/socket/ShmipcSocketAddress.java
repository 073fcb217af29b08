package io.shmipc.socket;

import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import java.io.Serial;
import java.net.SocketAddress;

/**
 * One end of a socket over shared memory: the server's address and, for a connection, its session and stream.
 *
 * <p>Printed as {@code unix:/run/app.sock} for a server and {@code unix:/run/app.sock#client-1.5} for stream 5 of
 * session client-1.
 */
public final class ShmipcSocketAddress extends SocketAddress {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String address;
    private final String text;

    /** Makes the address of a server. */
    public ShmipcSocketAddress(ShmipcAddress address) {
        this(address, "");
    }

    private ShmipcSocketAddress(ShmipcAddress address, String suffix) {
        this.address = address.toString();
        this.text = this.address + suffix;
    }

    static ShmipcSocketAddress of(Stream stream) {
        ShmipcAddress address = stream.session().isClient() ? stream.remoteAddress() : stream.localAddress();
        return new ShmipcSocketAddress(address, "#" + stream.session().id() + "." + stream.id());
    }

    /** Returns the server's address. */
    public ShmipcAddress address() {
        return ShmipcAddress.parse(address);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ShmipcSocketAddress that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
