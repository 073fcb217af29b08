package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.interop.CallingClient;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.Cell.Mode;
import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.EchoServer;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.GoServer;
import io.shmipc.interop.RequiresGo;
import io.shmipc.interop.Workspace;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls over queues that have been used for long: their counters pass 2³¹ and 2³² under way, where 32-bit halves carry
 * over or change sign.
 */
@Reliability
@Timeout(180)
class SoakIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SOON = 1000;
    private static final long[] STARTS = {(1L << 31) - SOON, (1L << 32) - SOON};
    private static final int THREADS = 4;
    private static final int[] SIZES = {1, 100, 3000, 20_000};
    private static final int CALLS_PER_STREAM = 50;

    private Workspace workspace;
    private ShmipcAddress address;

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
        address = workspace.address(Link.MEMFD_UNIX);
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    @Test
    void javaPeersPassTheWrapOfTheirCounters() throws Exception {
        Figures.keep("soak.java", 20_000, promise("Java"), figure -> {
            try (ChildProcess server = Peer.start()) {
                Peer.awaitHello(server);
                Peer.serve(server, address, Serving.CALLBACKS);
                return soak(figure, EchoServer.PREFIX);
            }
        });
    }

    @Test
    @RequiresGo
    void goPeersPassTheWrapOfTheirCounters() throws Exception {
        Figures.keep("soak.go", 20_000, promise("Go"), figure -> {
            try (GoServer server = GoServer.start(address, Mode.SYNC)) {
                String measured = soak(figure, server.prefix());
                assertThat(server.finish().firstError()).isEmpty();
                return measured;
            }
        });
    }

    private static String promise(String peer) {
        return "calls of a " + peer + " server over counters that start near 2³¹ and 2³²; all slices free at the end";
    }

    private String soak(Figures figure, String prefix) throws Exception {
        long begun = System.nanoTime();
        AtomicLong done = new AtomicLong();
        int slices = 0;
        for (long start : STARTS) {
            try (CountedSession counted = CountedSession.open(address, config(), start)) {
                long until = done.get() + figure.count() / STARTS.length;
                inParallel(() -> callUntil(figure, counted, prefix, done, until));
                slices = counted.region().totalSlices();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(counted.region().freeSlices())
                                .as("free slices")
                                .isEqualTo(counted.region().totalSlices()));
                assertThat(counted.session().metrics().stability().fallbackWriteCount())
                        .as("messages for which there was no memory")
                        .isZero();
            }
        }
        return "%,d calls in %d s, %,d of %,d slices free"
                .formatted(
                        done.get(), Duration.ofNanos(System.nanoTime() - begun).toSeconds(), slices, slices);
    }

    private ShmipcConfig config() {
        return ShmipcConfig.builder()
                .pathPrefix(workspace.pathPrefix())
                .regionBytes(Load.REGION_BYTES)
                .queueCapacity(64)
                .build();
    }

    /** Runs the same work on some threads, however long it takes. */
    private static void inParallel(Runnable work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Object> done : threads.invokeAll(Collections.nCopies(THREADS, Executors.callable(work)))) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void callUntil(Figures figure, CountedSession counted, String prefix, AtomicLong done, long until) {
        long sequence = 0;
        while (done.get() < until) {
            try (Stream stream = counted.session().openStream()) {
                for (int i = 0; i < CALLS_PER_STREAM; i++) {
                    CallingClient.call(stream, ++sequence, SIZES[(int) (sequence % SIZES.length)], prefix);
                    figure.reached(done.incrementAndGet());
                }
            }
        }
    }
}
