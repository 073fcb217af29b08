package io.shmipc.benchmarks.mechanism;

import io.shmipc.BufferReader;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A round trip between two threads of one process, through everything that a stream is made of. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamBenchmark {

    private static final int BYTES = 64;

    private final Path directory;
    private final Listener listener;
    private final SessionManager sessions;
    private final Stream stream;

    public StreamBenchmark() {
        try {
            directory = Files.createTempDirectory("shmipc-benchmark");
        } catch (IOException e) {
            throw new IllegalStateException("no directory for a socket", e);
        }
        ShmipcAddress address = ShmipcAddress.unix(directory.resolve("socket"));
        listener = new Listener(
                stream -> {
                    Thread thread = new Thread(() -> echo(stream), "echo");
                    thread.setDaemon(true);
                    thread.start();
                },
                ListenerConfig.builder(address).build());
        listener.start();
        sessions = SessionManager.open(SessionManagerConfig.builder(address).build());
        stream = sessions.getStream();
    }

    private static void echo(Stream stream) {
        BufferReader reader = stream.bufferReader();
        try {
            while (true) {
                long value = reader.readBytes(BYTES).getLong(0);
                stream.releaseReadAndReuse();
                stream.bufferWriter().reserve(BYTES).putLong(0, value);
                stream.flush();
            }
        } catch (ShmipcException e) {
            // The client has closed its stream.
            stream.close();
        }
    }

    /** Fails early if nothing answers. */
    @Setup
    public void firstRoundTrip() {
        if (roundTrip() != BYTES) {
            throw new IllegalStateException("the answer is not what was sent");
        }
    }

    @Benchmark
    public long roundTrip() {
        stream.bufferWriter().reserve(BYTES).putLong(0, BYTES);
        stream.flush();
        long value = stream.bufferReader().readBytes(BYTES).getLong(0);
        stream.releaseReadAndReuse();
        return value;
    }

    @TearDown
    public void close() throws IOException {
        stream.close();
        sessions.close();
        listener.close();
        Files.deleteIfExists(directory);
    }
}
