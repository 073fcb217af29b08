package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that keep silent and a handler that does not return, while another client calls and others come. */
@Reliability
@Timeout(120)
class SilentClientsTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration UNNOTICED = Duration.ofMillis(50);
    private static final int ATTEMPTS = 3;
    private static final int WARM_UP_CALLS = 2000;
    private static final int CALLS = 5000;
    private static final int CALLS_BETWEEN_NEW_CLIENTS = 25;
    private static final int MORE_THREADS = 8;
    private static final long BLOCK = -1;

    @TempDir
    Path directory;

    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void silentClientsAndABlockedHandlerDelayNobody() throws Exception {
        Figures.keep("silent.clients", 1000, "silent clients and a blocked handler, others' p99 < 50 ms", figure -> {
            ShmipcAddress address = ShmipcAddress.unix(directory.resolve("socket"));
            try (Listener listener = new Listener(
                            this::serve, ListenerConfig.builder(address).build());
                    AutoCloseable unblock = release::countDown) {
                listener.start();
                return measure(figure, address);
            }
        });
    }

    /** Silent clients that delay others do so each time; what else the machine is busy with does not. */
    private String measure(Figures figure, ShmipcAddress address) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return measureOnce(figure, address);
            } catch (AssertionError e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private String measureOnce(Figures figure, ShmipcAddress address) throws Exception {
        Latencies calls = new Latencies();
        Latencies arrivals = new Latencies();
        try (SessionManager client = connect(address);
                Stream victim = client.getStream()) {
            for (int i = 0; i < WARM_UP_CALLS; i++) {
                call(client, i);
            }
            send(victim, BLOCK);
            assertThat(blocked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            int threads = Thread.activeCount();
            try (SilentClients silent = new SilentClients(address, figure.count())) {
                for (int i = 0; i < CALLS; i++) {
                    long begun = System.nanoTime();
                    call(client, i);
                    calls.add(System.nanoTime() - begun);
                    if (i % CALLS_BETWEEN_NEW_CLIENTS == 0) {
                        arrivals.add(arrive(address));
                    }
                }
                await().atMost(PATIENCE).until(() -> silent.connections() > 2 * figure.count());
                assertThat(Thread.activeCount()).as("threads").isLessThan(threads + MORE_THREADS);
            }
        }
        calls.requireP99Below(UNNOTICED, "calls");
        arrivals.requireP99Below(UNNOTICED, "a new client's first call");
        return "calls " + calls + "; new clients " + arrivals;
    }

    /** Returns how long it takes to come, to call once, and to go. */
    private static long arrive(ShmipcAddress address) {
        long begun = System.nanoTime();
        try (SessionManager client = connect(address)) {
            call(client, 1);
        }
        return System.nanoTime() - begun;
    }

    private static SessionManager connect(ShmipcAddress address) {
        ShmipcConfig config = ShmipcConfig.builder()
                .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                .build();
        return SessionManager.open(
                SessionManagerConfig.builder(address).config(config).build());
    }

    private static void call(SessionManager client, long number) {
        client.execute(stream -> {
            stream.setDeadline(Instant.now().plus(PATIENCE));
            send(stream, number);
            assertThat(stream.bufferReader().readLong()).isEqualTo(number);
            stream.bufferReader().releasePreviousRead();
            return null;
        });
    }

    private static void send(Stream stream, long number) {
        stream.bufferWriter().writeLong(number);
        stream.flush();
    }

    /** Sends numbers back; one of them stops its handler. */
    private void serve(Stream stream) {
        stream.setCallbacks(new StreamCallbacks() {
            @Override
            public void onData(BufferReader reader) {
                while (reader.length() >= Long.BYTES) {
                    long number = reader.readLong();
                    if (number == BLOCK) {
                        blocked.countDown();
                        awaitRelease();
                        return;
                    }
                    send(stream, number);
                }
            }

            @Override
            public void onLocalClose() {}

            @Override
            public void onRemoteClose() {}
        });
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
