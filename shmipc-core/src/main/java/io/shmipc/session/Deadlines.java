package io.shmipc.session;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When reads and flushes of a stream give up, in terms of {@link System#nanoTime()}.
 *
 * <p><b>Threads:</b> any; one that waits looks again whenever it wakes.
 */
final class Deadlines {

    static final long NONE = 0;

    /** Longest sleep at a time, so that a thread notices that it was interrupted. */
    private static final long MAX_SLEEP_NANOS = Duration.ofMillis(500).toNanos();

    private volatile long readNanos = NONE;
    private volatile long writeNanos = NONE;

    void read(@Nullable Instant deadline) {
        readNanos = toNanoTime(deadline);
    }

    void write(@Nullable Instant deadline) {
        writeNanos = toNanoTime(deadline);
    }

    void clear() {
        readNanos = NONE;
        writeNanos = NONE;
    }

    long readNanos() {
        return readNanos;
    }

    long writeNanos() {
        return writeNanos;
    }

    boolean isReadOverdue() {
        long deadlineNanos = readNanos;
        return deadlineNanos != NONE && System.nanoTime() - deadlineNanos >= 0;
    }

    /** Returns how long a thread may sleep before it looks at a deadline again. */
    static long sleepNanos(long deadlineNanos) {
        return deadlineNanos == NONE
                ? MAX_SLEEP_NANOS
                : Math.max(1, Math.min(MAX_SLEEP_NANOS, deadlineNanos - System.nanoTime()));
    }

    private static long toNanoTime(@Nullable Instant deadline) {
        if (deadline == null) {
            return NONE;
        }
        long leftNanos = Math.max(0, TimeUnit.NANOSECONDS.convert(Duration.between(Instant.now(), deadline)));
        long nanos = System.nanoTime() + leftNanos;
        return nanos == NONE ? nanos + 1 : nanos;
    }
}
