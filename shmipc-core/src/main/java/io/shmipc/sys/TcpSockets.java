package io.shmipc.sys;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Making and connecting TCP sockets; see {@link Sockets}.
 *
 * <p><b>Threads:</b> any.
 */
final class TcpSockets {
    private TcpSockets() {}

    static Descriptor listen(String host, int port, int backlog, boolean shared) throws IOException {
        SocketName name = SocketName.tcp(InetAddress.getByName(host), port);
        Descriptor listener = Sockets.open(name, Libc.SOCK_NONBLOCK, "listener " + name.text());
        try {
            Sockets.enable(listener, Libc.SOL_SOCKET, Libc.SO_REUSEADDR);
            if (shared) {
                Sockets.enable(listener, Libc.SOL_SOCKET, Libc.SO_REUSEPORT);
            }
            Libc.check(Sockets.bind(listener, name), "bind", name.text());
            Libc.check(Libc.listen(listener.fd(), backlog), "listen", name.text());
            return listener;
        } catch (NativeException | RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    /** Tries every address of the host in turn until one answers or time is up. */
    static Descriptor connect(String host, int port, long timeoutNanos) throws IOException {
        long start = System.nanoTime();
        NativeException failure = null;
        for (InetAddress address : InetAddress.getAllByName(host)) {
            long leftNanos = timeoutNanos < 0 ? -1 : Math.max(0, timeoutNanos - (System.nanoTime() - start));
            try {
                return connect(SocketName.tcp(address, port), leftNanos);
            } catch (NativeException e) {
                failure = addTo(failure, e);
            }
        }
        if (failure == null) {
            throw new UnknownHostException(host);
        }
        throw failure;
    }

    private static NativeException addTo(@Nullable NativeException earlier, NativeException failure) {
        if (earlier == null) {
            return failure;
        }
        earlier.addSuppressed(failure);
        return earlier;
    }

    private static Descriptor connect(SocketName name, long timeoutNanos) throws NativeException {
        Descriptor socket = Sockets.open(name, Libc.SOCK_NONBLOCK, "socket to " + name.text());
        try {
            Sockets.enable(socket, Libc.IPPROTO_TCP, Libc.TCP_NODELAY);
            if (Sockets.connect(socket, name) != 0) {
                int errno = Libc.errno();
                if (errno == Errno.EINPROGRESS) {
                    boolean ended = Sockets.poll(socket, PollSet.OUT, timeoutNanos) != 0;
                    errno = ended ? Sockets.pendingError(socket) : Errno.ETIMEDOUT;
                }
                if (errno != 0) {
                    throw new NativeException("connect", name.text(), errno);
                }
            }
            return socket;
        } catch (NativeException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
