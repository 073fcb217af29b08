package io.shmipc.benchmarks.worker;

import io.shmipc.BufferReader;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What sessions and streams cost while they do nothing, and how long it takes until one does something; all in the
 * default configuration.
 *
 * <pre>
 * listen PATH          the server's side: answers every stream in callbacks
 * sessions COUNT PATH  opens sessions, each with a stream that was used once
 * streams COUNT PATH   opens streams in one session, each used once
 * first COUNT PATH     opens a session, a stream, and waits for an answer, again and again
 * time                 tells how much processor time the process has used so far
 * memory               tells what the process holds, after a garbage collection
 * close                closes everything
 * </pre>
 */
final class Footprint {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final List<AutoCloseable> open = new ArrayList<>();

    /** Obeys one command and returns what it found as {@code name=value} words. */
    String obey(String[] words) throws Exception {
        return switch (words[1]) {
            case "listen" -> listen(Path.of(words[2]));
            case "sessions" -> openSessions(Integer.parseInt(words[2]), Path.of(words[3]));
            case "streams" -> openStreams(Integer.parseInt(words[2]), Path.of(words[3]));
            case "first" -> first(Integer.parseInt(words[2]), Path.of(words[3]));
            case "time" -> "cpu=" + Gauge.threadNanos() + " wall=" + System.nanoTime();
            case "memory" -> memory();
            case "close" -> close();
            default -> throw new IllegalArgumentException("nothing here is called " + words[1]);
        };
    }

    private String listen(Path place) {
        Listener listener = new Listener(
                stream -> stream.setCallbacks(new Echo(stream)),
                ListenerConfig.builder(ShmipcAddress.unix(place)).build());
        listener.start();
        open.add(listener);
        return "";
    }

    private SessionManager connect(Path place, int sessions) {
        return SessionManager.open(SessionManagerConfig.builder(ShmipcAddress.unix(place))
                .sessions(sessions)
                .build());
    }

    private String openSessions(int count, Path place) {
        SessionManager manager = connect(place, count);
        open.add(manager);
        for (Session session : manager.sessions()) {
            use(session.openStream());
        }
        return "";
    }

    private String openStreams(int count, Path place) {
        SessionManager manager = connect(place, 1);
        open.add(manager);
        for (int i = 0; i < count; i++) {
            use(manager.getStream());
        }
        return "";
    }

    private static void use(Stream stream) {
        stream.bufferWriter().writeLong(1);
        stream.flush();
        stream.bufferReader().readLong();
        stream.bufferReader().releasePreviousRead();
    }

    private String first(int count, Path place) {
        Histogram times = new Histogram(LONGEST_NANOS, 3);
        for (int i = 0; i < count; i++) {
            long begin = System.nanoTime();
            try (SessionManager manager = connect(place, 1)) {
                use(manager.getStream());
                times.recordValue(System.nanoTime() - begin);
            }
        }
        return "p50=" + times.getValueAtPercentile(50) + " p99=" + times.getValueAtPercentile(99) + " max="
                + times.getMaxValue();
    }

    private static String memory() throws IOException {
        long heap = usedHeap();
        return String.format(
                Locale.ROOT, "heap=%d anonymous=%d shared=%d", heap, statusBytes("RssAnon:"), statusBytes("RssShmem:"));
    }

    /** Returns what stays on the heap: what a collection finds unreachable may keep other things until the next one. */
    private static long usedHeap() {
        long used = Long.MAX_VALUE;
        long before;
        do {
            before = used;
            System.gc();
            used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        } while (used < before);
        return before;
    }

    private static long statusBytes(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(
                                line.substring(name.length()).replace("kB", "").trim())
                        << 10;
            }
        }
        return 0;
    }

    private String close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        open.clear();
        return "";
    }

    private record Echo(Stream stream) implements StreamCallbacks {

        @Override
        public void onData(BufferReader reader) {
            while (reader.length() >= Long.BYTES) {
                stream.bufferWriter().writeLong(reader.readLong());
                stream.flush();
            }
        }

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {
            stream.close();
        }
    }
}
