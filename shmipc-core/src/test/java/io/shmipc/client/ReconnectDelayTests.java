package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a client waits before it connects again, and how that grows. */
@Timeout(60)
class ReconnectDelayTests {

    private static final long FIRST_MILLIS = 25;
    private static final long CAP_MILLIS = 400;
    private static final int GROWING = 4;
    private static final int CAPPED = 10;

    @TempDir
    Path directory;

    private SessionManagerConfig.Builder client(MemoryType memoryType) {
        return SessionManagerConfig.builder(ShmipcAddress.unix(directory.resolve("socket")))
                .rebuildInterval(Duration.ofMillis(FIRST_MILLIS))
                .maxRebuildInterval(Duration.ofMillis(CAP_MILLIS))
                .connectLazily(true)
                .config(ShmipcConfig.builder()
                        .memoryType(memoryType)
                        .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                        .pathPrefix(directory.resolve("memory").toString())
                        .build());
    }

    /**
     * Each connection is noted before it is cut: what the client does about it comes later, however slow the machine is.
     * So no gap is shorter than the client's delay, and only a machine that lags ten times in a row hides the cap.
     */
    @ParameterizedTest
    @EnumSource(MemoryType.class)
    void theDelayDoublesUpToItsMaximumAndIsNeverTheSameTwice(MemoryType memoryType) throws IOException {
        List<Double> gaps;
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
            CompletableFuture<List<Double>> cutting = CompletableFuture.supplyAsync(() -> cutConnections(server));
            try (SessionManager manager = SessionManager.open(client(memoryType).build())) {
                gaps = cutting.join();
                assertThat(manager.isClosed()).isFalse();
            }
        }
        for (int i = 0; i < gaps.size(); i++) {
            double delay = Math.min(FIRST_MILLIS << i, CAP_MILLIS);
            assertThat(gaps.get(i)).as("gap %d of %s ms", i, gaps).isGreaterThanOrEqualTo(delay / 2);
        }
        List<Double> capped = gaps.subList(GROWING, gaps.size());
        assertThat(Collections.min(capped)).as("the shortest of %s ms", capped).isLessThan(0.95 * CAP_MILLIS);
        assertThat(Collections.max(capped) - Collections.min(capped))
                .as("the spread of %s ms", capped)
                .isGreaterThan(CAP_MILLIS / 40.0);
    }

    /** Accepts connections and cuts them; returns the milliseconds from each one to the next. */
    private static List<Double> cutConnections(ServerSocketChannel server) {
        List<Double> gaps = new ArrayList<>();
        long before = 0;
        try {
            for (int i = 0; i <= GROWING + CAPPED; i++) {
                try (SocketChannel accepted = server.accept()) {
                    long now = System.nanoTime();
                    if (i > 0) {
                        gaps.add((now - before) / 1e6);
                    }
                    before = now;
                }
            }
            return gaps;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
