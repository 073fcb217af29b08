package io.shmipc.sys;

/**
 * {@code struct timespec { long tv_sec; long tv_nsec; }}, 16 bytes: 0, 8.
 *
 * <p><b>Threads:</b> any, on separate memory.
 */
final class Timespec {
    static final int BYTES = 16;

    private static final int NANOS = 8;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Timespec() {}

    /** Writes a duration and returns its address. */
    static long write(NativeBuffer target, int offset, long nanos) {
        target.bytes().putLong(offset, nanos / NANOS_PER_SECOND);
        target.bytes().putLong(offset + NANOS, nanos % NANOS_PER_SECOND);
        return target.address(offset, BYTES);
    }
}
