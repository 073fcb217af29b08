package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;

/** How much of the heap was in use at a moment, after a collection. */
public final class Heap {

    private final long bytes;

    private Heap(long bytes) {
        this.bytes = bytes;
    }

    /** Returns what is in use now. */
    public static Heap now() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Heap(runtime.totalMemory() - runtime.freeMemory());
    }

    /** Returns by how many megabytes more are in use now; fails if that is as many as the limit. */
    public long grownMegabytes(int limit) {
        long grown = Math.max(0, now().bytes - bytes) >> 20;
        assertThat(grown).as("heap growth in MB").isLessThan(limit);
        return grown;
    }
}
