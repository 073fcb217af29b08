package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/** How much of the heap was in use at a moment, after a collection. */
public final class Heap {

    private static final int LARGEST_CLASSES = 20;

    /** The JVM may leave a collection out, as while native code holds an array; what has leaked survives all of them. */
    private static final int COLLECTIONS = 5;

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
        long grown = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS && grown >= limit; i++) {
            grown = Math.max(0, now().bytes - bytes) >> 20;
        }
        assertThat(grown)
                .as(() -> "heap growth in MB, most of it in\n" + largestClasses())
                .isLessThan(limit);
        return grown;
    }

    private static String largestClasses() {
        try {
            Object histogram = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
            return histogram.toString().lines().limit(LARGEST_CLASSES).collect(Collectors.joining("\n"));
        } catch (JMException e) {
            return "unknown classes: " + e;
        }
    }
}
