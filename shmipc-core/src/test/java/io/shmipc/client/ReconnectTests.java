package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.ListenCallback;
import io.shmipc.MemoryType;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import io.shmipc.session.Duo;
import io.shmipc.session.Echo;
import io.shmipc.session.Payload;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients whose server goes away, and servers that come back. */
@Timeout(60)
class ReconnectTests {

    @TempDir
    Path directory;

    private final String prefix = "/dev/shm/reconnect-" + UUID.randomUUID();

    private final ListenCallback echo = stream -> stream.setCallbacks(new Echo(stream));

    private Listener startServer() {
        Listener listener = new Listener(echo, ListenerConfig.builder(address()).build());
        listener.start();
        return listener;
    }

    private ShmipcAddress address() {
        return ShmipcAddress.unix(directory.resolve("socket"));
    }

    private SessionManagerConfig.Builder client() {
        return SessionManagerConfig.builder(address())
                .rebuildInterval(Duration.ofMillis(5))
                .maxRebuildInterval(Duration.ofMillis(20))
                .config(ShmipcConfig.builder()
                        .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                        .memoryType(MemoryType.FILE)
                        .pathPrefix(prefix)
                        .build());
    }

    private static void call(SessionManager manager) {
        manager.execute(stream -> {
            Payload.roundTrip(stream, Payload.of(500, 1));
            return true;
        });
    }

    @Test
    void sessionsComeBackWithTheirServer() {
        Listener first = startServer();
        try (SessionManager manager = SessionManager.open(client().sessions(2).build())) {
            call(manager);
            call(manager);
            Stream inUse = manager.getStream();
            Payload.roundTrip(inUse, new byte[1]);
            first.close();
            assertThatThrownBy(() -> inUse.bufferReader().readByte()).isInstanceOf(SessionClosedException.class);
            manager.putBack(inUse);
            await().until(() -> manager.sessions().stream().allMatch(session -> session.isClosed()));
            assertThatThrownBy(() -> call(manager)).isInstanceOf(SessionClosedException.class);
            try (Listener second = startServer()) {
                await().until(() -> second.sessions().size() == 2);
                await().untilAsserted(() -> call(manager));
                call(manager);
                assertThat(manager.sessions()).hasSize(2).allMatch(session -> session.isHealthy());
            }
        }
        await().untilAsserted(() -> assertThat(Duo.filesOf(prefix)).isEmpty());
    }

    @Test
    void aLazyClientConnectsWhenItsServerStarts() {
        try (SessionManager manager =
                SessionManager.open(client().connectLazily(true).build())) {
            assertThatThrownBy(manager::getStream)
                    .isInstanceOf(SessionClosedException.class)
                    .hasMessageContaining(address().toString());
            try (Listener listener = startServer()) {
                await().until(() -> listener.sessions().size() == 1);
                await().untilAsserted(() -> call(manager));
            }
        }
        await().untilAsserted(() -> assertThat(Duo.filesOf(prefix)).isEmpty());
    }

    @Test
    void aClientThatIsClosedWhileItReconnectsLeavesNothing() {
        for (int i = 0; i < 20; i++) {
            try (Listener listener = startServer();
                    SessionManager manager = SessionManager.open(client().sessions(4)
                            .rebuildInterval(Duration.ofNanos(1000))
                            .build())) {
                manager.sessions().forEach(session -> session.close());
                assertThat(listener.isRunning()).isTrue();
            }
        }
        await().untilAsserted(() -> assertThat(Duo.filesOf(prefix)).isEmpty());
    }

    @Test
    void everyWaitingReaderLearnsOfAnAbruptEndAtOnce() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (RawServer server = new RawServer();
                SessionManager manager = SessionManager.open(server.client()
                        .rebuildInterval(Duration.ofMillis(1))
                        .maxRebuildInterval(Duration.ofMillis(2))
                        .build())) {
            for (int i = 0; i < 100; i++) {
                SocketChannel connection = server.accept();
                await().until(() -> manager.sessions().get(0).isHealthy());
                List<Stream> streams = new ArrayList<>();
                List<Future<Byte>> readers = new ArrayList<>();
                for (int s = 0; s < 3; s++) {
                    Stream stream = manager.getStream();
                    streams.add(stream);
                    readers.add(threads.submit(() -> stream.bufferReader().readByte()));
                }
                connection.close();
                for (Future<Byte> reader : readers) {
                    assertThat(reader)
                            .failsWithin(20, TimeUnit.SECONDS)
                            .withThrowableOfType(ExecutionException.class)
                            .withCauseInstanceOf(SessionClosedException.class);
                }
                streams.forEach(Stream::close);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
