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
        long leftNanos = Math.max(0, TimeUnit.NANOSECONDS.convert(Duration.between(Instant.now(), deadline)));
        long nanos = System.nanoTime() + leftNanos;
        return nanos == NONE ? nanos + 1 : nanos;
    }
}
