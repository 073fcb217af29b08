package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcConfig;
import io.shmipc.session.Duo;
import io.shmipc.session.ShmipcSession;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that asks its clients to move without end gets a bounded amount of their memory. */
@Timeout(60)
class RestartFloodTests {

    private static final int MOST_REGIONS = 6;

    private final String prefix = "/dev/shm/flood-" + UUID.randomUUID();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ConcurrentLinkedQueue<SocketChannel> connections = new ConcurrentLinkedQueue<>();
    private RawServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new RawServer();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        server.close();
        threads.shutdownNow();
        for (SocketChannel connection : connections) {
            connection.close();
        }
        await().until(() -> Duo.filesOf(prefix).isEmpty());
    }

    private SessionManager client() {
        return SessionManager.open(server.client()
                .config(ShmipcConfig.builder()
                        .memoryType(MemoryType.FILE)
                        .pathPrefix(prefix)
                        .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                        .build())
                .build());
    }

    private long regions() {
        return Duo.filesOf(prefix).stream()
                .filter(file -> file.toString().endsWith("_buffer"))
                .count();
    }

    @Test
    void eachNewSessionThatIsAskedToMoveTakesMemoryOnlySoFar() {
        AtomicInteger asked = new AtomicInteger();
        threads.execute(() -> {
            try {
                while (true) {
                    SocketChannel connection = server.accept();
                    connections.add(connection);
                    RawServer.askToMove(connection, asked.incrementAndGet());
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
        try (SessionManager client = client()) {
            await().until(() -> asked.get() > 3);
            await().during(Duration.ofSeconds(1)).until(() -> regions() <= MOST_REGIONS);
            assertThat(client.sessions()).hasSize(1);
        }
    }

    @Test
    void requestsThatNobodyTakesNoteOfInTimeAreOneTask() throws Exception {
        ScheduledThreadPoolExecutor maintenance = new ScheduledThreadPoolExecutor(1);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        maintenance.execute(() -> {
            busy.countDown();
            awaitUninterrupted(mayGoOn);
        });
        busy.await();
        try (SessionManager client = client();
                SocketChannel connection = server.accept()) {
            connections.add(connection);
            ShmipcSession session = (ShmipcSession) client.sessions().get(0);
            ClientHotRestart restart = new ClientHotRestart(
                    new SessionSlot[0], new RegionSource(client.config().config()), maintenance);
            for (int epoch = 0; epoch < 1_000; epoch++) {
                restart.onEvent(session, epoch);
            }
            assertThat(maintenance.getQueue()).hasSize(1);
        } finally {
            mayGoOn.countDown();
            maintenance.shutdownNow();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
