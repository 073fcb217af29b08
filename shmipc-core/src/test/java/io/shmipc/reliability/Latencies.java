package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long something took, time after time.
 *
 * <p><b>Threads:</b> any.
 */
final class Latencies {

    private long[] nanos = new long[64];
    private int size;

    synchronized void add(long tookNanos) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = tookNanos;
    }

    synchronized void addAll(Latencies others) {
        for (long took : others.all()) {
            add(took);
        }
    }

    private synchronized long[] all() {
        return Arrays.copyOf(nanos, size);
    }

    /**
     * Returns what all but one in a hundred stayed within; at least one is left out, so that a small number of them is
     * not judged by its worst.
     */
    synchronized Duration p99() {
        return size == 0 ? Duration.ZERO : sorted(size - 1 - Math.max(1, size / 100));
    }

    synchronized Duration median() {
        return size == 0 ? Duration.ZERO : sorted(size / 2);
    }

    synchronized Duration max() {
        return size == 0 ? Duration.ZERO : sorted(size - 1);
    }

    private Duration sorted(int index) {
        long[] copy = Arrays.copyOf(nanos, size);
        Arrays.sort(copy);
        return Duration.ofNanos(copy[Math.max(0, index)]);
    }

    synchronized int count() {
        return size;
    }

    /** Fails unless all but one in a hundred stayed within a limit. */
    void requireP99Below(Duration limit, String what) {
        assertThat(p99()).as("p99 of %s: %s", what, this).isLessThan(limit);
    }

    @Override
    public synchronized String toString() {
        return "p50 %s, p99 %s, max %s of %,d".formatted(millis(median()), millis(p99()), millis(max()), size);
    }

    private static String millis(Duration duration) {
        return "%.1f ms".formatted(duration.toNanos() / 1e6);
    }
}
