package io.shmipc.sys;

import java.io.IOException;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.attribute.GroupPrincipal;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stream sockets, unix and TCP, without a Java object per call.
 *
 * <p>Every socket made here is non-blocking and not inherited by programs that this process starts. What cannot go on
 * returns {@link #WOULD_BLOCK}; wait with a {@link PollSet} or an {@link Epoll}. No call raises SIGPIPE.
 *
 * <p><b>Threads:</b> any; two threads that send, or two that receive, on one socket mix their bytes.
 */
public final class Sockets {
    /** Nothing is there to receive, or there is no room to send; wait and try again. */
    public static final int WOULD_BLOCK = -1;

    /** The peer has ended the stream; only {@link #receiveDescriptors} returns this. */
    public static final int END_OF_STREAM = -2;

    private static final int INT_BYTES = 4;
    private static final int UCRED_BYTES = 12;
    private static final int USUAL_GROUPS = 64;
    private static final int MAX_GROUPS = 1 << 16;

    private Sockets() {}

    /**
     * Listens on a unix socket.
     *
     * <p>A socket file that nobody listens on any more is replaced. Any other file in its place is left alone.
     *
     * @param path the file, or after a leading '@' a name in the abstract namespace
     * @param backlog how many connections may wait to be accepted
     * @param mode the permission bits of the file exactly; without meaning for an abstract name
     * @param group the group that the file is given to; null leaves it in this process's
     * @throws NativeException with EADDRINUSE if somebody listens there or another kind of file is there, ENAMETOOLONG
     *     from 108 bytes on, EACCES, ENOENT or another error
     * @throws IOException if the file that is there cannot be looked at
     */
    public static Descriptor listenUnix(String path, int backlog, int mode, @Nullable GroupPrincipal group)
            throws IOException {
        return UnixSockets.listen(path, backlog, mode, group);
    }

    /**
     * Listens on a unix socket in place of whoever listens there, from one moment to the next.
     *
     * @param path the file; abstract names cannot be taken over
     * @param backlog how many connections may wait to be accepted
     * @param mode the permission bits of the file exactly
     * @param group the group that the file is given to; null leaves it in this process's
     * @throws NativeException with ENAMETOOLONG if the path leaves no room for a temporary name, or another error
     * @throws IOException if the file cannot be moved
     */
    public static Descriptor takeOverUnix(String path, int backlog, int mode, @Nullable GroupPrincipal group)
            throws IOException {
        return UnixSockets.takeOver(path, backlog, mode, group);
    }

    /**
     * Listens on a TCP port with SO_REUSEADDR.
     *
     * @param host a name or an address, IPv4 or IPv6; of several addresses the first
     * @param port 0 lets the system choose; see {@link #localPort}
     * @param backlog how many connections may wait to be accepted
     * @param shared whether others of the same user that also say so may listen on the port at the same time
     * @throws java.net.UnknownHostException if the host has no address
     * @throws NativeException with EADDRINUSE, EADDRNOTAVAIL or another error
     */
    public static Descriptor listenTcp(String host, int port, int backlog, boolean shared) throws IOException {
        return TcpSockets.listen(host, port, backlog, shared);
    }

    /**
     * Takes over a connected socket that other code of this process accepted or inherited.
     *
     * @param fd its number, which nobody else closes from now on
     * @throws NativeException with EBADF if there is none
     */
    public static Descriptor adopt(int fd) throws NativeException {
        String label = "socket " + fd;
        Libc.check(Libc.fcntl(fd, Libc.F_SETFL, Libc.O_NONBLOCK), "fcntl(F_SETFL)", label);
        Libc.check(Libc.fcntl(fd, Libc.F_SETFD, Libc.FD_CLOEXEC), "fcntl(F_SETFD)", label);
        return new Descriptor(fd, label);
    }

    /**
     * Connects to a unix socket.
     *
     * @param path the file, or after a leading '@' a name in the abstract namespace
     * @param timeoutNanos how long to wait while the listener's backlog is full; -1 for ever
     * @throws NativeException with ENOENT, ECONNREFUSED, EACCES, ETIMEDOUT or another error
     */
    public static Descriptor connectUnix(String path, long timeoutNanos) throws NativeException {
        return UnixSockets.connect(path, timeoutNanos);
    }

    /**
     * Connects to a TCP port with TCP_NODELAY, trying the addresses of the host one after the other.
     *
     * @param host a name or an address, IPv4 or IPv6; looking a name up is not part of the time-out
     * @param timeoutNanos how long to wait in all; -1 as long as the system does
     * @throws java.net.UnknownHostException if the host has no address
     * @throws NativeException with ECONNREFUSED, ETIMEDOUT or another error, that of the first address
     */
    public static Descriptor connectTcp(String host, int port, long timeoutNanos) throws IOException {
        return TcpSockets.connect(host, port, timeoutNanos);
    }

    /**
     * Returns the address that a TCP socket is bound to, or null for a unix socket.
     *
     * @throws NativeException if the system refuses
     */
    public static @Nullable InetSocketAddress localAddress(Descriptor socket) throws IOException {
        return address(socket, "getsockname", Libc::getsockname);
    }

    /**
     * Returns the address that the peer of a TCP socket is bound to, or null for a unix socket.
     *
     * @throws NativeException with ENOTCONN if there is no peer any more, or if the system refuses
     */
    public static @Nullable InetSocketAddress peerAddress(Descriptor socket) throws IOException {
        return address(socket, "getpeername", Libc::getpeername);
    }

    /** Returns the port that a TCP socket is bound to, or -1 for a unix socket. */
    public static int localPort(Descriptor socket) throws IOException {
        InetSocketAddress address = localAddress(socket);
        return address == null ? -1 : address.getPort();
    }

    /** A call that tells the address of one end. */
    private interface NameCall {
        int name(int fd, long address, long addressBytes);
    }

    private static @Nullable InetSocketAddress address(Descriptor socket, String callName, NameCall call)
            throws IOException {
        NativeBuffer name = NativeBuffer.struct(SocketName.MAX_BYTES + INT_BYTES);
        name.bytes().putInt(SocketName.MAX_BYTES, SocketName.MAX_BYTES);
        int fd = socket.enter();
        try {
            int result = name.call(address -> call.name(fd, address, address + SocketName.MAX_BYTES));
            Libc.check(result, callName, socket.label());
            return SocketName.tcp(name);
        } finally {
            socket.exit();
        }
    }

    /**
     * Accepts a connection that waits, with TCP_NODELAY if it is one of TCP.
     *
     * @return null if none waits; those that were broken off meanwhile are passed over
     * @throws NativeException with EMFILE, ENFILE, ENOMEM or another error of this side; the listener stays usable
     */
    public static @Nullable Descriptor accept(Descriptor listener) throws NativeException {
        int listenerFd = listener.enter();
        int fd;
        try {
            do {
                fd = Libc.accept4(listenerFd, 0, 0, Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK);
            } while (fd < 0 && (Libc.interrupted() || connectionBroken(Libc.errno())));
            if (fd < 0) {
                int errno = Libc.errno();
                if (errno == Errno.EAGAIN) {
                    return null;
                }
                throw new NativeException("accept4", listener.label(), errno);
            }
        } finally {
            listener.exit();
        }
        Descriptor accepted = new Descriptor(fd, "accepted by " + listener.label());
        try {
            enable(accepted, Libc.IPPROTO_TCP, Libc.TCP_NODELAY);
        } catch (NativeException e) {
            if (e.errno() != Errno.EOPNOTSUPP) {
                accepted.close();
                throw e;
            }
        }
        return accepted;
    }

    /**
     * Receives what is there, up to a length.
     *
     * @param length how many bytes at most, at least 1
     * @return how many bytes were received, 0 at the end of the stream, or {@link #WOULD_BLOCK}
     * @throws IndexOutOfBoundsException if the range is not in the buffer
     * @throws NativeException with ECONNRESET or another error
     */
    public static int receive(Descriptor socket, NativeBuffer target, int offset, int length) throws NativeException {
        long address = target.address(offset, length);
        if (length == 0) {
            throw new IllegalArgumentException("receiving 0 bytes would look like the end of the stream");
        }
        int fd = socket.enter();
        try {
            long received;
            do {
                received = Libc.recv(fd, address, length, 0);
            } while (received < 0 && Libc.interrupted());
            return received < 0 ? wouldBlock("recv", socket) : (int) received;
        } finally {
            socket.exit();
            Reference.reachabilityFence(target);
        }
    }

    /**
     * Sends what there is room for, up to a length.
     *
     * @return how many bytes were sent, or {@link #WOULD_BLOCK}
     * @throws IndexOutOfBoundsException if the range is not in the buffer
     * @throws NativeException with EPIPE, ECONNRESET or another error
     */
    public static int send(Descriptor socket, NativeBuffer source, int offset, int length) throws NativeException {
        long address = source.address(offset, length);
        int fd = socket.enter();
        try {
            long sent;
            do {
                sent = Libc.send(fd, address, length, Libc.MSG_NOSIGNAL);
            } while (sent < 0 && Libc.interrupted());
            return sent < 0 ? wouldBlock("send", socket) : (int) sent;
        } finally {
            socket.exit();
            Reference.reachabilityFence(source);
        }
    }

    /**
     * Sends copies of descriptors through a unix socket, beside one data byte of zero.
     *
     * @param fds 1 to 253 descriptors, which stay open here
     * @return 1 when they were sent, or {@link #WOULD_BLOCK}
     * @throws IllegalArgumentException if there are none or too many
     * @throws NativeException with EPIPE, ECONNRESET, ETOOMANYREFS or another error
     */
    public static int sendDescriptors(Descriptor socket, int... fds) throws NativeException {
        return DescriptorPassing.send(socket, fds);
    }

    /**
     * Receives exactly one data byte from a unix socket and the descriptors beside it.
     *
     * @param target gets the descriptors, from index 0 on; what does not fit is closed
     * @return how many descriptors arrived, which may be 0 or more than fit, {@link #WOULD_BLOCK}, or
     *     {@link #END_OF_STREAM}; whatever the number, those in target are the caller's to close
     * @throws NativeException with EMFILE if the kernel could not give this process all of them (those that arrived are
     *     closed), ECONNRESET or another error
     */
    public static int receiveDescriptors(Descriptor socket, @Nullable Descriptor[] target) throws NativeException {
        return DescriptorPassing.receive(socket, target);
    }

    /**
     * Returns who connected a unix socket; of a TCP socket pid 0, uid -1 and gid -1.
     *
     * <p>{@code struct ucred { pid_t pid; uid_t uid; gid_t gid; }}, 12 bytes: 0, 4, 8.
     *
     * @throws NativeException if the system refuses
     */
    public static PeerCredentials credentials(Descriptor socket) throws NativeException {
        NativeBuffer ucred = option(socket, Libc.SO_PEERCRED, UCRED_BYTES);
        return new PeerCredentials(
                ucred.bytes().getInt(0), ucred.bytes().getInt(4), ucred.bytes().getInt(8));
    }

    /**
     * Returns the supplementary groups of who connected a unix socket, as the kernel noted them then; the group of
     * {@link #credentials} need not be among them. Kernels before 4.13 tell none.
     *
     * @throws NativeException if the system refuses
     */
    public static Set<Integer> supplementaryGroups(Descriptor socket) throws NativeException {
        try {
            return groups(socket, USUAL_GROUPS);
        } catch (NativeException e) {
            return switch (e.errno()) {
                case Errno.ERANGE -> groups(socket, MAX_GROUPS);
                case Errno.ENOPROTOOPT -> Set.of();
                default -> throw e;
            };
        }
    }

    private static Set<Integer> groups(Descriptor socket, int most) throws NativeException {
        int room = most * INT_BYTES;
        ByteBuffer groups = option(socket, Libc.SO_PEERGROUPS, room).bytes();
        Set<Integer> ids = new HashSet<>();
        for (int at = 0; at < groups.getInt(room); at += INT_BYTES) {
            ids.add(groups.getInt(at));
        }
        return ids;
    }

    /**
     * Ends both directions, which wakes everyone who waits for the socket; one that has ended or is closed stays so.
     */
    public static void shutdown(Descriptor socket) {
        if (socket.tryEnter()) {
            Libc.shutdown(socket.entered(), Libc.SHUT_RDWR);
            socket.exit();
        }
    }

    /**
     * Waits for one descriptor. It allocates: who waits repeatedly keeps a {@link PollSet}.
     *
     * @param events a set of {@link PollSet#IN}, {@link PollSet#OUT}, {@link PollSet#RDHUP}
     * @param timeoutNanos how long at most; 0 looks without waiting, -1 waits for ever
     * @return what happened, a set of the constants of {@link PollSet}; 0 when time is up
     * @throws NativeException if the system refuses
     */
    public static int poll(Descriptor descriptor, int events, long timeoutNanos) throws NativeException {
        PollSet set = new PollSet(descriptor);
        set.interest(0, events);
        set.await(timeoutNanos);
        return set.events(0);
    }

    /** Returns WOULD_BLOCK if that is why the last call failed, or throws the error. */
    static int wouldBlock(String call, Descriptor socket) throws NativeException {
        int errno = Libc.errno();
        if (errno == Errno.EAGAIN) {
            return WOULD_BLOCK;
        }
        throw new NativeException(call, socket.label(), errno);
    }

    /** Makes a socket for the family of a name. */
    static Descriptor open(SocketName name, int flags, String label) throws NativeException {
        int fd = Libc.socket(name.family(), Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC | flags, 0);
        return new Descriptor(Libc.check(fd, "socket", name.text()), label);
    }

    /** Returns 0, or -1 with the error in errno. */
    static int bind(Descriptor socket, SocketName name) {
        int fd = socket.fd();
        return name.struct().call(address -> Libc.bind(fd, address, name.length()));
    }

    /** Returns 0, or -1 with the error in errno. */
    static int connect(Descriptor socket, SocketName name) {
        int fd = socket.fd();
        int result;
        do {
            result = name.struct().call(address -> Libc.connect(fd, address, name.length()));
        } while (result < 0 && Libc.interrupted());
        return result;
    }

    /** Returns the error that a connection attempt in the background ended with, 0 if it succeeded. */
    static int pendingError(Descriptor socket) throws NativeException {
        return option(socket, Libc.SO_ERROR, INT_BYTES).bytes().getInt(0);
    }

    /** Sets an option that is a flag. */
    static void enable(Descriptor socket, int level, int option) throws NativeException {
        NativeBuffer one = NativeBuffer.struct(INT_BYTES);
        one.bytes().putInt(0, 1);
        int fd = socket.fd();
        int result = one.call(value -> Libc.setsockopt(fd, level, option, value, INT_BYTES));
        Libc.check(result, "setsockopt", socket.label());
    }

    private static NativeBuffer option(Descriptor socket, int option, int bytes) throws NativeException {
        NativeBuffer value = NativeBuffer.struct(bytes + INT_BYTES);
        value.bytes().putInt(bytes, bytes);
        int fd = socket.enter();
        try {
            int result = value.call(address -> Libc.getsockopt(fd, Libc.SOL_SOCKET, option, address, address + bytes));
            Libc.check(result, "getsockopt", socket.label());
            return value;
        } finally {
            socket.exit();
        }
    }

    /** Tells whether accept failed for the sake of the one connection, as accept(2) lists them. */
    private static boolean connectionBroken(int errno) {
        return switch (errno) {
            case Errno.ECONNABORTED,
                    Errno.EPERM,
                    Errno.EPROTO,
                    Errno.ENOPROTOOPT,
                    Errno.EOPNOTSUPP,
                    Errno.ENONET,
                    Errno.ENETDOWN,
                    Errno.ENETUNREACH,
                    Errno.EHOSTDOWN,
                    Errno.EHOSTUNREACH,
                    Errno.ETIMEDOUT -> true;
            default -> false;
        };
    }
}
