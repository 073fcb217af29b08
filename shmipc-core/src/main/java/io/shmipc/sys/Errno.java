package io.shmipc.sys;

/** Error numbers of Linux, the same on x86-64 and aarch64, with their names and meanings. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOTTY = 25;
    public static final int ETXTBSY = 26;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int ESPIPE = 29;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOLCK = 37;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int ENONET = 64;
    public static final int EPROTO = 71;
    public static final int EOVERFLOW = 75;
    public static final int ENOTSOCK = 88;
    public static final int EMSGSIZE = 90;
    public static final int ENOPROTOOPT = 92;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int EISCONN = 106;
    public static final int ENOTCONN = 107;
    public static final int ETOOMANYREFS = 109;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;
    public static final int EALREADY = 114;
    public static final int EINPROGRESS = 115;
    public static final int EDQUOT = 122;

    private Errno() {}

    /** Returns the symbolic name, such as {@code ENOENT}, or {@code errno} for a number not listed here. */
    public static String name(int errno) {
        String entry = entry(errno);
        return entry.substring(0, entry.indexOf(' '));
    }

    /** Returns the meaning in a few English words, the same in every locale. */
    public static String describe(int errno) {
        String entry = entry(errno);
        return entry.substring(entry.indexOf(' ') + 1);
    }

    private static String entry(int errno) {
        return errno < ENONET ? general(errno) : network(errno);
    }

    private static String general(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM operation not permitted";
            case ENOENT -> "ENOENT no such file or directory";
            case EINTR -> "EINTR interrupted system call";
            case EIO -> "EIO input/output error";
            case EBADF -> "EBADF bad file descriptor";
            case EAGAIN -> "EAGAIN resource temporarily unavailable";
            case ENOMEM -> "ENOMEM cannot allocate memory";
            case EACCES -> "EACCES permission denied";
            case EFAULT -> "EFAULT bad address";
            case EBUSY -> "EBUSY device or resource busy";
            case EEXIST -> "EEXIST file exists";
            case ENODEV -> "ENODEV no such device";
            case ENOTDIR -> "ENOTDIR not a directory";
            case EISDIR -> "EISDIR is a directory";
            case EINVAL -> "EINVAL invalid argument";
            case ENFILE -> "ENFILE too many open files in the system";
            case EMFILE -> "EMFILE too many open files in this process";
            case ENOTTY -> "ENOTTY inappropriate ioctl for device";
            case ETXTBSY -> "ETXTBSY text file busy";
            case EFBIG -> "EFBIG file too large";
            case ENOSPC -> "ENOSPC no space left on device";
            case ESPIPE -> "ESPIPE illegal seek";
            case EROFS -> "EROFS read-only file system";
            case EPIPE -> "EPIPE broken pipe";
            case ERANGE -> "ERANGE result too large";
            case ENAMETOOLONG -> "ENAMETOOLONG file name too long";
            case ENOLCK -> "ENOLCK no locks available";
            case ENOSYS -> "ENOSYS function not implemented";
            case ELOOP -> "ELOOP too many levels of symbolic links";
            default -> "errno unknown error";
        };
    }

    private static String network(int errno) {
        return switch (errno) {
            case ENONET -> "ENONET machine is not on the network";
            case EPROTO -> "EPROTO protocol error";
            case EOVERFLOW -> "EOVERFLOW value too large for defined data type";
            case ENOTSOCK -> "ENOTSOCK socket operation on non-socket";
            case EMSGSIZE -> "EMSGSIZE message too long";
            case ENOPROTOOPT -> "ENOPROTOOPT protocol not available";
            case EPROTONOSUPPORT -> "EPROTONOSUPPORT protocol not supported";
            case EOPNOTSUPP -> "EOPNOTSUPP operation not supported";
            case EAFNOSUPPORT -> "EAFNOSUPPORT address family not supported by protocol";
            case EADDRINUSE -> "EADDRINUSE address already in use";
            case EADDRNOTAVAIL -> "EADDRNOTAVAIL cannot assign requested address";
            case ENETDOWN -> "ENETDOWN network is down";
            case ENETUNREACH -> "ENETUNREACH network is unreachable";
            case ECONNABORTED -> "ECONNABORTED software caused connection abort";
            case ECONNRESET -> "ECONNRESET connection reset by peer";
            case ENOBUFS -> "ENOBUFS no buffer space available";
            case EISCONN -> "EISCONN transport endpoint is already connected";
            case ENOTCONN -> "ENOTCONN transport endpoint is not connected";
            case ETOOMANYREFS -> "ETOOMANYREFS too many references: cannot splice";
            case ETIMEDOUT -> "ETIMEDOUT connection timed out";
            case ECONNREFUSED -> "ECONNREFUSED connection refused";
            case EHOSTDOWN -> "EHOSTDOWN host is down";
            case EHOSTUNREACH -> "EHOSTUNREACH no route to host";
            case EALREADY -> "EALREADY operation already in progress";
            case EINPROGRESS -> "EINPROGRESS operation now in progress";
            case EDQUOT -> "EDQUOT disk quota exceeded";
            default -> "errno unknown error";
        };
    }
}
