package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import io.shmipc.Session;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.session.Duo;
import io.shmipc.session.Payload;
import io.shmipc.shm.QueuePair;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a client that ends stay for as long as its server may not have mapped them, and no longer. */
@Timeout(60)
class FilesAtTheEndTests {

    private final String prefix = "/dev/shm/ends-" + UUID.randomUUID();
    private final ExecutorService receiver = Executors.newSingleThreadExecutor();
    private RawServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new RawServer();
    }

    @AfterEach
    void stopListening() throws IOException {
        receiver.shutdownNow();
        server.close();
        assertThat(Duo.filesOf(prefix)).isEmpty();
    }

    private SessionManager client(Duration initializeTimeout) {
        return SessionManager.open(server.client()
                .config(ShmipcConfig.builder()
                        .memoryType(MemoryType.FILE)
                        .pathPrefix(prefix)
                        .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                        .initializeTimeout(initializeTimeout)
                        .build())
                .build());
    }

    private static boolean endsWithin(Session session, Duration time) throws Exception {
        try {
            session.closeFuture().toCompletableFuture().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Consumes what the client has put, as a server does that has mapped the queue. */
    private void consume() throws IOException {
        Path queue = Duo.filesOf(prefix).stream()
                .filter(file -> file.toString().contains("_queue_"))
                .findFirst()
                .orElseThrow();
        try (FileChannel file = FileChannel.open(queue, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var memory = file.map(MapMode.READ_WRITE, 0, file.size()).order(ByteOrder.nativeOrder());
            assertThat(QueuePair.read(memory).receive().take()).isPositive();
        }
    }

    /** One message lies in shared memory, and the other falls back to the connection. */
    @ParameterizedTest
    @ValueSource(ints = {100, 2 * ShmipcConfig.MIN_REGION_BYTES})
    void theyWaitForAServerThatHasConsumedNothing(int messageBytes) throws Exception {
        Duration patience = Duration.ofSeconds(1);
        try (SessionManager client = client(patience);
                SocketChannel connection = server.accept()) {
            Stream stream = client.getStream();
            Session session = stream.session();
            Future<?> wakeUpOrData = receiver.submit(() -> {
                RawServer.skipMessage(connection);
                return null;
            });
            Payload.send(stream, Payload.of(messageBytes, 1));
            wakeUpOrData.get();
            long beganNanos = System.nanoTime();
            session.close();
            assertThat(endsWithin(session, Duration.ofSeconds(30))).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isGreaterThanOrEqualTo(patience);
            stream.close();
        }
    }

    @Test
    void theyGoAtOnceWhenTheServerHasConsumedAnythingHoweverMuchIsLeft() throws Exception {
        try (SessionManager client = client(Duration.ofHours(1));
                SocketChannel connection = server.accept()) {
            Stream stream = client.getStream();
            Session session = stream.session();
            Payload.send(stream, Payload.of(100, 1));
            consume();
            Payload.send(stream, Payload.of(100, 2));
            session.close();
            stream.close();
            assertThat(endsWithin(session, Duration.ofSeconds(30))).isTrue();
        }
    }
}
