package io.shmipc.sys;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * Lowers RLIMIT_NOFILE of this process until closed.
 * {@code struct rlimit { rlim_t rlim_cur; rlim_t rlim_max; }}, 16 bytes: 0, 8.
 */
final class FileLimit implements AutoCloseable {
    private static final int RLIMIT_NOFILE = 7;

    static {
        Native.register(FileLimit.class, NativeLibrary.getProcess());
    }

    private final NativeBuffer limit = NativeBuffer.struct(16);
    private final long before;
    private final int next;

    private FileLimit(int next) {
        this.next = next;
        check(limit.call(address -> getrlimit(RLIMIT_NOFILE, address)));
        before = limit.bytes().getLong(0);
        set(next + 1L);
    }

    /** Leaves room for exactly one more descriptor. */
    static FileLimit oneMoreFile() {
        int next = Libc.eventfd(0, 0);
        Libc.close(next);
        return new FileLimit(next);
    }

    /** Returns the number that the one descriptor will get. */
    int next() {
        return next;
    }

    @Override
    public void close() {
        set(before);
    }

    private void set(long soft) {
        limit.bytes().putLong(0, soft);
        check(limit.call(address -> setrlimit(RLIMIT_NOFILE, address)));
    }

    private static void check(int result) {
        if (result != 0) {
            throw new IllegalStateException("rlimit: " + Errno.name(Native.getLastError()));
        }
    }

    private static native int getrlimit(int resource, long limit);

    private static native int setrlimit(int resource, long limit);
}
