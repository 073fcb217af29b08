package io.shmipc.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When reads and flushes of a stream give up, in terms of {@link System#nanoTime()}.
 *
 * <p><b>Threads:</b> any; one that waits looks again whenever it wakes.
 */
final class Deadlines {

    static final long NONE = 0;

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

    private static long toNanoTime(@Nullable Instant deadline) {
        if (deadline == null) {
            return NONE;
        }
        long left;
        try {
            left = Duration.between(Instant.now(), deadline).toNanos();
        } catch (ArithmeticException e) {
            return deadline.isAfter(Instant.now()) ? NONE : System.nanoTime();
        }
        long nanos = System.nanoTime() + left;
        return nanos == NONE ? nanos + 1 : nanos;
    }
}
