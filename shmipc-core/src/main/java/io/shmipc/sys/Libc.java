package io.shmipc.sys;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library, directly mapped: names and parameters as in the manual pages, pointers and sizes as long.
 * Loading this class loads JNA's native part; {@link Platform} does so first and explains a failure.
 *
 * <p>After a call returned -1, {@link #errno()} holds its error number until the thread's next native call.
 *
 * <p><b>Threads:</b> any.
 */
final class Libc {
    static final int O_RDWR = 0x2;
    static final int O_ACCMODE = 0x3;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NOCTTY = 0x100;
    static final int O_NONBLOCK = 0x800;
    static final int O_NOFOLLOW = Platform.isArm64() ? 0x8000 : 0x20000;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_EMPTY_PATH = 0x1000;
    static final int STATX_BASIC_STATS = 0x7ff;

    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;
    static final int F_SETFD = 2;
    static final int F_SETFL = 4;
    static final int FD_CLOEXEC = 1;
    static final int F_GETFL = 3;
    static final int F_ADD_SEALS = 1033;
    static final int F_GET_SEALS = 1034;

    static final int PROT_READ_WRITE = 0x3;
    static final int MAP_PRIVATE = 0x2;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_NORESERVE = 0x4000;
    static final int MREMAP_MAYMOVE = 1;
    static final int MREMAP_FIXED = 2;

    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_STREAM = 1;
    static final int SOCK_NONBLOCK = O_NONBLOCK;
    static final int SOCK_CLOEXEC = O_CLOEXEC;
    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_REUSEPORT = 15;
    static final int SO_ERROR = 4;
    static final int SO_PEERCRED = 17;
    static final int SO_SNDTIMEO = 21;
    static final int SO_PEERGROUPS = 59;
    static final int IPPROTO_TCP = 6;
    static final int TCP_NODELAY = 1;
    static final int SHUT_RDWR = 2;
    static final int SCM_RIGHTS = 1;
    static final int MSG_CTRUNC = 0x8;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_CMSG_CLOEXEC = 0x40000000;

    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;

    /** Numbers for {@link #syscall}: calls that older C libraries do not name. */
    static final long SYS_MEMFD_CREATE = Platform.isArm64() ? 279 : 319;

    static final long SYS_STATX = Platform.isArm64() ? 291 : 332;

    static final long SYS_EPOLL_PWAIT2 = 441;

    static {
        Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    /** Returns the error number of this thread's last native call. */
    static int errno() {
        return Native.getLastError();
    }

    /** Tells whether this thread's last native call was cut short by a signal and has to be repeated. */
    static boolean interrupted() {
        return Native.getLastError() == Errno.EINTR;
    }

    /** Returns the result of a call, or throws what its -1 stands for. */
    static int check(int result, String call, String target) throws NativeException {
        if (result < 0) {
            throw new NativeException(call, target, errno());
        }
        return result;
    }

    static native int open(long path, int flags, int mode);

    static native int close(int fd);

    static native long read(int fd, long buffer, long bytes);

    static native long write(int fd, long buffer, long bytes);

    static native int fchmod(int fd, int mode);

    static native int chmod(long path, int mode);

    static native int unlink(long path);

    static native int fcntl(int fd, int command, long argument);

    /** Returns the error number itself, not -1. */
    static native int posix_fallocate(int fd, long offset, long bytes);

    static native long mmap(long address, long bytes, int protection, int flags, int fd, long offset);

    static native int munmap(long address, long bytes);

    static native long mremap(long oldAddress, long oldBytes, long newBytes, int flags, long newAddress);

    static native int flock(int fd, int operation);

    static native int geteuid();

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, long address, int addressBytes);

    static native int listen(int fd, int backlog);

    static native int accept4(int fd, long address, long addressBytes, int flags);

    static native int connect(int fd, long address, int addressBytes);

    static native int getsockname(int fd, long address, long addressBytes);

    static native int getpeername(int fd, long address, long addressBytes);

    static native int getsockopt(int fd, int level, int option, long value, long valueBytes);

    static native int setsockopt(int fd, int level, int option, long value, int valueBytes);

    static native int shutdown(int fd, int how);

    static native long recv(int fd, long buffer, long bytes, int flags);

    static native long send(int fd, long buffer, long bytes, int flags);

    static native long recvmsg(int fd, long message, int flags);

    static native long sendmsg(int fd, long message, int flags);

    static native int ppoll(long fds, long count, long timeout, long signalMask);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epollFd, int operation, int fd, long event);

    static native int epoll_wait(int epollFd, long events, int maxEvents, int timeoutMillis);

    static native int eventfd(int initial, int flags);

    static native long syscall(long number, long a, long b, long c, long d, long e, long f);
}
