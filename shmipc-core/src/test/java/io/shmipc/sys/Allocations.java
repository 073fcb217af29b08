package io.shmipc.sys;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Counts what calls allocate on the heap. */
public final class Allocations {
    /** Less than one byte per call: what the measurement itself and the first call may take. */
    static final long NOISE_BYTES = 5_000;

    private static final int CALLS = 20_000;

    private Allocations() {}

    interface Call {
        int run() throws IOException;
    }

    static long during(Call call) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        call.run();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** Returns the bytes that the threads that are alive have ever allocated, all together. */
    public static long ofAllThreads() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
