package io.shmipc.sample.lab.measure;

import java.util.Arrays;

/**
 * Times of round trips; keeps the first {@value #MAX_KEPT} and counts the rest.
 *
 * <p><b>Threads:</b> one at a time.
 */
final class Samples {

    private static final int MAX_KEPT = 1 << 17;
    private static final int FIRST_CAPACITY = 1 << 10;

    private long[] nanos = new long[FIRST_CAPACITY];
    private int kept;
    private long count;

    void add(long sampleNanos) {
        count++;
        if (kept == MAX_KEPT) {
            return;
        }
        if (kept == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * kept);
        }
        nanos[kept++] = sampleNanos;
    }

    void addAll(Samples others) {
        for (int i = 0; i < others.kept; i++) {
            add(others.nanos[i]);
        }
        count += others.count - others.kept;
    }

    long count() {
        return count;
    }

    /** Returns what that share of the round trips did not exceed; 0 without any. */
    double percentileMicros(double share) {
        if (kept == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(nanos, kept);
        Arrays.sort(sorted);
        return sorted[Math.min(kept - 1, (int) (share * kept))] / 1e3;
    }
}
