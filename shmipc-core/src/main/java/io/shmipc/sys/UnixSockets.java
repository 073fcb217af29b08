package io.shmipc.sys;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import org.jspecify.annotations.Nullable;

/**
 * Making and connecting unix sockets; see {@link Sockets}.
 *
 * <p><b>Threads:</b> any.
 */
final class UnixSockets {
    private static final int TIMEVAL_BYTES = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private UnixSockets() {}

    static Descriptor listen(String path, int backlog, int mode, @Nullable GroupPrincipal group) throws IOException {
        SocketName name = SocketName.unix(path);
        Descriptor listener = Sockets.open(name, Libc.SOCK_NONBLOCK, "listener " + path);
        boolean bound = false;
        try {
            bind(listener, name);
            bound = true;
            if (!SocketName.isAbstract(path)) {
                if (group != null) {
                    changeGroup(path, group);
                }
                chmod(path, mode);
            }
            Libc.check(Libc.listen(listener.fd(), backlog), "listen", path);
            return listener;
        } catch (IOException | RuntimeException e) {
            listener.close();
            if (bound && !SocketName.isAbstract(path)) {
                NativeBuffer.string(path).call(Libc::unlink);
            }
            throw e;
        }
    }

    /** Binds to a name beside the path and moves it there, so that at every moment somebody listens on the path. */
    static Descriptor takeOver(String path, int backlog, int mode, @Nullable GroupPrincipal group) throws IOException {
        String beside = path + "." + Long.toString(System.nanoTime() & 0xffff_ffffL, Character.MAX_RADIX);
        Descriptor listener = listen(beside, backlog, mode, group);
        try {
            Files.move(Path.of(beside), Path.of(path), StandardCopyOption.ATOMIC_MOVE);
            return listener;
        } catch (IOException | RuntimeException e) {
            listener.close();
            Files.deleteIfExists(Path.of(beside));
            throw e;
        }
    }

    static Descriptor connect(String path, long timeoutNanos) throws NativeException {
        SocketName name = SocketName.unix(path);
        Descriptor socket = Sockets.open(name, 0, "socket to " + path);
        try {
            limitWaiting(socket, timeoutNanos);
            if (Sockets.connect(socket, name) != 0) {
                int errno = Libc.errno();
                throw new NativeException("connect", path, errno == Errno.EAGAIN ? Errno.ETIMEDOUT : errno);
            }
            Libc.check(Libc.fcntl(socket.fd(), Libc.F_SETFL, Libc.O_NONBLOCK), "fcntl(F_SETFL)", path);
            return socket;
        } catch (NativeException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void bind(Descriptor listener, SocketName name) throws IOException {
        int result = Sockets.bind(listener, name);
        if (result != 0 && Libc.errno() == Errno.EADDRINUSE && removeStale(name)) {
            result = Sockets.bind(listener, name);
        }
        Libc.check(result, "bind", name.text());
    }

    /** Removes a socket file that a process left behind: nobody listens there, which only a refusal proves. */
    private static boolean removeStale(SocketName name) throws IOException {
        if (SocketName.isAbstract(name.text())) {
            throw new NativeException("bind", name.text(), Errno.EADDRINUSE);
        }
        try (Descriptor place = SharedFiles.place(name.text())) {
            if (FileFacts.isSocket(place) && refuses(name)) {
                return SharedFiles.unlinkIfSame(name.text(), FileFacts.of(place).identity());
            }
        } catch (NativeException e) {
            return e.errno() == Errno.ENOENT;
        }
        throw new NativeException("bind", name.text(), Errno.EADDRINUSE);
    }

    private static boolean refuses(SocketName name) throws NativeException {
        try (Descriptor probe = Sockets.open(name, Libc.SOCK_NONBLOCK, "probe of " + name.text())) {
            return Sockets.connect(probe, name) != 0 && Libc.errno() == Errno.ECONNREFUSED;
        }
    }

    private static void changeGroup(String path, GroupPrincipal group) throws IOException {
        try {
            Files.getFileAttributeView(Path.of(path), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setGroup(group);
        } catch (FileSystemException e) {
            throw new IOException(
                    "the socket cannot be given to group " + group + " (" + e.getReason()
                            + "): choose one that this user is a member of",
                    e);
        }
    }

    private static void chmod(String path, int mode) throws NativeException {
        Libc.check(NativeBuffer.string(path).call(file -> Libc.chmod(file, mode)), "chmod", path);
    }

    /**
     * Bounds a blocking connect, which waits while the listener's backlog is full; there is nothing to poll for then.
     * {@code struct timeval { long tv_sec; long tv_usec; }}, 16 bytes: 0, 8; all zero means for ever.
     */
    private static void limitWaiting(Descriptor socket, long timeoutNanos) throws NativeException {
        if (timeoutNanos < 0) {
            return;
        }
        NativeBuffer timeval = NativeBuffer.struct(TIMEVAL_BYTES);
        long micros = Math.max(1, timeoutNanos % NANOS_PER_SECOND / 1000);
        timeval.bytes().putLong(0, timeoutNanos / NANOS_PER_SECOND).putLong(8, micros);
        int fd = socket.fd();
        int result =
                timeval.call(value -> Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_SNDTIMEO, value, TIMEVAL_BYTES));
        Libc.check(result, "setsockopt(SO_SNDTIMEO)", socket.label());
    }
}
