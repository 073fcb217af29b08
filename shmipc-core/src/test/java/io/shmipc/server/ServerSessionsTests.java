package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.ConnectException;
import io.shmipc.MemoryType;
import io.shmipc.Session;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.PollSet;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ServerSessionsTests {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(MemoryType.class)
    void aConnectionThatTheUserAcceptedBecomesASessionWhoseStreamsAreAccepted(MemoryType memoryType) throws Exception {
        ShmipcAddress address = address();
        ShmipcConfig config = config(memoryType);
        try (Descriptor listening = Sockets.listenUnix(address.target(), 8, 0600, null)) {
            CompletableFuture<SessionManager> connecting = CompletableFuture.supplyAsync(() -> SessionManager.open(
                    SessionManagerConfig.builder(address).config(config).build()));
            try (Session session = accept(listening, listenerConfig(address, config));
                    SessionManager manager = connecting.get(20, TimeUnit.SECONDS)) {
                assertThat(session.isClient()).isFalse();
                assertThatThrownBy(() -> session.acceptStream(Duration.ofMillis(20)))
                        .isInstanceOf(ShmipcTimeoutException.class);

                Stream asking = manager.getStream();
                asking.bufferWriter().writeString("question");
                asking.flush();
                Stream answering = session.acceptStream(Duration.ofSeconds(10));
                assertThat(answering.id()).isEqualTo(asking.id());
                assertThat(answering.bufferReader().readString(8)).isEqualTo("question");
                for (Duration endless : List.of(Duration.ofNanos(Long.MAX_VALUE), Duration.ofSeconds(Long.MAX_VALUE))) {
                    CompletableFuture<Stream> accepting =
                            CompletableFuture.supplyAsync(() -> session.acceptStream(endless));
                    await().during(Duration.ofMillis(20)).until(() -> !accepting.isDone());
                    Stream late = manager.getStream();
                    late.bufferWriter().writeString("late");
                    late.flush();
                    accepting.get(20, TimeUnit.SECONDS).close();
                    late.close();
                }
                assertThatThrownBy(() -> session.acceptStream(Duration.ofSeconds(Long.MIN_VALUE)))
                        .isInstanceOf(ShmipcTimeoutException.class);

                answering.bufferWriter().writeString("answer");
                answering.flush();
                assertThat(asking.bufferReader().readString(6)).isEqualTo("answer");

                manager.close();
                assertThatThrownBy(() -> session.acceptStream(Duration.ofSeconds(10)))
                        .isInstanceOf(SessionClosedException.class);
                answering.close();
                asking.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(MemoryType.class)
    void whatWasFlushedArrivesThoughTheClientHasLeftMeanwhile(MemoryType memoryType) throws Exception {
        ShmipcAddress address = address();
        ShmipcConfig config = config(memoryType).toBuilder()
                .initializeTimeout(Duration.ofSeconds(20))
                .build();
        try (Descriptor listening = Sockets.listenUnix(address.target(), 8, 0600, null)) {
            CompletableFuture<Void> client = CompletableFuture.runAsync(() -> sendAndLeave(address, config));
            if (memoryType == MemoryType.FILE) {
                await().until(() -> files().stream().anyMatch(file -> file.contains("_queue_")));
                await().during(Duration.ofMillis(100)).until(() -> !files().isEmpty());
            }
            try (Session session = accept(listening, listenerConfig(address, config))) {
                Stream stream = session.acceptStream(Duration.ofSeconds(20));
                assertThat(stream.bufferReader().readString(8)).isEqualTo("farewell");
                stream.close();
            }
            assertThat(client).succeedsWithin(Duration.ofSeconds(20));
            await().untilAsserted(() -> assertThat(files()).isEmpty());
        }
    }

    @Test
    void aStreamThatNobodyAcceptedIsClosedWithItsSession() throws Exception {
        ShmipcAddress address = address();
        ShmipcConfig config = config(MemoryType.MEMFD);
        try (Descriptor listening = Sockets.listenUnix(address.target(), 8, 0600, null)) {
            CompletableFuture<SessionManager> connecting = CompletableFuture.supplyAsync(() -> SessionManager.open(
                    SessionManagerConfig.builder(address).config(config).build()));
            try (Session session = accept(listening, listenerConfig(address, config));
                    SessionManager manager = connecting.get(20, TimeUnit.SECONDS)) {
                Stream asking = manager.getStream();
                asking.bufferWriter().writeString("question");
                asking.flush();
                await().until(() -> session.activeStreamCount() == 1);
                session.close();
                assertThatThrownBy(() -> session.acceptStream(Duration.ofSeconds(10)))
                        .isInstanceOf(SessionClosedException.class);
                asking.close();
            }
        }
    }

    private static void sendAndLeave(ShmipcAddress address, ShmipcConfig config) {
        try (SessionManager manager = SessionManager.open(
                SessionManagerConfig.builder(address).config(config).build())) {
            Stream stream = manager.getStream();
            stream.bufferWriter().writeString("farewell");
            stream.flush();
            stream.close();
        }
    }

    /** Returns the names of the files that hold memory. */
    private List<String> files() {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("memory"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aConnectionIsAcceptedAsTheDocumentationSays() throws Exception {
        ShmipcAddress address = address();
        ListenerConfig config = listenerConfig(address, config(MemoryType.MEMFD));
        try (Descriptor listening = Sockets.listenUnix(address.target(), 16, 0600, null)) {
            CompletableFuture<Void> client =
                    CompletableFuture.runAsync(() -> sendAndLeave(address, config(MemoryType.MEMFD)));
            assertThat(Sockets.poll(listening, PollSet.IN, -1)).isNotZero();
            Descriptor connection = Objects.requireNonNull(Sockets.accept(listening));
            try (Session session = ServerSessions.accept(connection, config)) {
                Stream stream = session.acceptStream(Duration.ofSeconds(30));
                assertThat(stream.bufferReader().readString(8)).isEqualTo("farewell");
                stream.close();
            }
            assertThat(client).succeedsWithin(Duration.ofSeconds(20));
            await("it was the session's to close").until(() -> !connection.isOpen());
        }
    }

    @Test
    void aDescriptorThatIsNoConnectionIsRefusedWithItsNumber() {
        assertThatThrownBy(() -> ServerSessions.accept(1_000_000, listenerConfig(address(), config(MemoryType.MEMFD))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("1000000");
    }

    private ShmipcAddress address() {
        return ShmipcAddress.unix(directory.resolve("server.sock"));
    }

    private ShmipcConfig config(MemoryType memoryType) {
        return ShmipcConfig.builder()
                .memoryType(memoryType)
                .pathPrefix(directory.resolve("memory").toString())
                .build();
    }

    private static ListenerConfig listenerConfig(ShmipcAddress address, ShmipcConfig config) {
        return ListenerConfig.builder(address).config(config).build();
    }

    /** Accepts connections until one becomes a session: a slow client may hang up and come again. */
    private static Session accept(Descriptor listening, ListenerConfig config) {
        return await().ignoreExceptionsInstanceOf(ConnectException.class)
                .until(() -> ServerSessions.accept(acceptedNumber(listening), config), Objects::nonNull);
    }

    /** Accepts one connection and gives up its descriptor, as code that knows only the number would. */
    @SuppressWarnings("resource")
    private static int acceptedNumber(Descriptor listening) {
        return await().until(() -> Sockets.accept(listening), Objects::nonNull).fd();
    }
}
