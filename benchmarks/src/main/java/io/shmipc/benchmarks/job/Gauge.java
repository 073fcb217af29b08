package io.shmipc.benchmarks.job;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What one process measures during a job: latencies, and its own use of the machine between begin and end.
 *
 * <p><b>Threads:</b> one thread begins and ends; {@link #record} by one thread at a time.
 */
public final class Gauge {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final String VOLUNTARY = "voluntary_ctxt_switches:";

    /** Threads that ended in between are missed by the sum over threads, by more than the ticks of the other clock. */
    private static final long CLOCKS_MAY_DIFFER_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    /**
     * @param cpuNanos of the process, in ticks of 10 ms
     * @param threadNanos of the threads that live, to the nanosecond
     */
    private record Use(long wallNanos, long cpuNanos, long threadNanos, long switches, long allocatedBytes) {}

    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final Histogram latencies = new Histogram(LONGEST_NANOS, 3);
    private Use begun = new Use(0, 0, 0, 0, 0);
    private Use ended = begun;

    /** Notes the latency of one message. */
    public void record(long nanos) {
        latencies.recordValue(Math.min(nanos, LONGEST_NANOS));
    }

    /** Adds what another thread noted. */
    public void add(Histogram other) {
        latencies.add(other);
    }

    /** The measured part begins: what came before was warm-up. */
    public void begin() {
        latencies.reset();
        long switches = voluntarySwitches();
        long threadNanos = threadNanos();
        long allocated = allocatedBytes();
        long cpu = system.getProcessCpuTime();
        begun = new Use(System.nanoTime(), cpu, threadNanos, switches, allocated);
    }

    /** The measured part ends. */
    public void end() {
        long wall = System.nanoTime();
        long cpu = system.getProcessCpuTime();
        long allocated = allocatedBytes();
        long threadNanos = threadNanos();
        ended = new Use(wall, cpu, threadNanos, voluntarySwitches(), allocated);
    }

    /** Returns what was measured, as {@code name=value} words, per message where that makes sense. */
    public String summary(int messages) {
        double seconds = (ended.wallNanos - begun.wallNanos) / 1e9;
        StringBuilder text = new StringBuilder();
        put(text, "rate", messages / seconds);
        put(text, "cpu", (double) cpuNanos() / messages);
        put(text, "switches", (double) (ended.switches - begun.switches) / messages);
        put(text, "allocated", (double) (ended.allocatedBytes - begun.allocatedBytes) / messages);
        if (latencies.getTotalCount() > 0) {
            put(text, "p50", (double) latencies.getValueAtPercentile(50));
            put(text, "p99", (double) latencies.getValueAtPercentile(99));
            put(text, "p999", (double) latencies.getValueAtPercentile(99.9));
        }
        return text.toString();
    }

    private static void put(StringBuilder text, String name, double value) {
        text.append(name)
                .append('=')
                .append(String.format(Locale.ROOT, "%.3f", value))
                .append(' ');
    }

    private long allocatedBytes() {
        long allocated = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            allocated += Math.max(0, bytes);
        }
        return allocated;
    }

    private long cpuNanos() {
        long coarse = ended.cpuNanos - begun.cpuNanos;
        long fine = ended.threadNanos - begun.threadNanos;
        return coarse - fine > CLOCKS_MAY_DIFFER_NANOS ? coarse : fine;
    }

    private static long voluntarySwitches() {
        return sumOverThreads(task -> {
            for (String line : Files.readAllLines(task.resolve("status"))) {
                if (line.startsWith(VOLUNTARY)) {
                    return Long.parseLong(line.substring(VOLUNTARY.length()).trim());
                }
            }
            return 0;
        });
    }

    /** Returns the processor time of all threads that live, to the nanosecond. */
    public static long threadNanos() {
        return sumOverThreads(task -> {
            String line = Files.readString(task.resolve("schedstat"));
            return Long.parseLong(line.substring(0, line.indexOf(' ')));
        });
    }

    private interface Reading {
        long of(Path task) throws IOException;
    }

    private static long sumOverThreads(Reading reading) {
        long sum = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                try {
                    sum += reading.of(task);
                } catch (IOException e) {
                    // The thread has ended meanwhile, or this kernel does not tell.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum;
    }
}
