package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.ConnectException;
import io.shmipc.MemoryType;
import io.shmipc.Session;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.channel.FrameFuzz;
import io.shmipc.reliability.Figures;
import io.shmipc.reliability.Heap;
import io.shmipc.reliability.Reliability;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import io.shmipc.server.OpenFiles;
import io.shmipc.session.Duo;
import io.shmipc.session.Echo;
import io.shmipc.session.Payload;
import io.shmipc.session.Variant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that break the protocol, at each stage of a connection: a client says why, loses nothing, and goes on. */
@Timeout(60)
class HostileServerTests {

    private static final int FALLBACK_DATA = 3;
    private static final int EXCHANGE_PROTO_VERSION = 4;
    private static final int ACK_SHARE_MEMORY = 6;
    private static final int ACK_READY_RECV_FD = 7;
    private static final int POLLING = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String prefix = "/dev/shm/hostile-server-" + UUID.randomUUID();
    private Duo bystander;
    private RawServer server;
    private int filesBefore;

    @BeforeEach
    void open() throws IOException {
        bystander = Duo.of(Variant.USUAL).echo().open();
        assertServed(bystander.manager());
        filesBefore = OpenFiles.count();
        server = new RawServer();
    }

    @AfterEach
    void nothingIsLost() throws IOException {
        server.close();
        assertServed(bystander.manager());
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(OpenFiles.count()).isLessThanOrEqualTo(filesBefore);
            assertThat(Duo.filesOf(prefix)).isEmpty();
        });
        bystander.close();
    }

    private static void assertServed(SessionManager manager) {
        manager.execute(stream -> {
            Payload.roundTrip(stream, Payload.of(1000, 3));
            return true;
        });
    }

    private SessionManagerConfig.Builder client(MemoryType type, Duration initializeTimeout) {
        return server.client()
                .rebuildInterval(Duration.ofNanos(1000))
                .maxRebuildInterval(Duration.ofMillis(2))
                .config(ShmipcConfig.builder()
                        .memoryType(type)
                        .pathPrefix(prefix)
                        .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                        .initializeTimeout(initializeTimeout)
                        .build());
    }

    // ---------------------------------------------------------------- the handshake

    private interface Mischief {
        void at(SocketChannel client) throws IOException;
    }

    /** What a server does when it has got a client's version, in the order of the handshake. */
    static java.util.stream.Stream<Arguments> handshakes() {
        Mischief silence = client -> {};
        Mischief end = SocketChannel::close;
        Mischief next = RawServer::skipMessage;
        Mischief descriptors = client -> client.read(ByteBuffer.allocate(1));
        Mischief version = client -> RawServer.send(client, 3, EXCHANGE_PROTO_VERSION);
        Mischief ready = client -> {
            version.at(client);
            RawServer.skipMessage(client);
            RawServer.send(client, 3, ACK_READY_RECV_FD);
        };
        Mischief fallback = client -> client.write(ByteBuffer.allocate(16)
                .putInt(200 << 20)
                .putShort((short) 0x7758)
                .put((byte) 3)
                .put((byte) FALLBACK_DATA)
                .flip()
                .limit(16));
        return java.util.stream.Stream.of(
                handshake("did not send EXCHANGE_PROTO_VERSION within PT0.3S", silence),
                handshake("did not send EXCHANGE_PROTO_VERSION within PT0.3S", client -> write(client, 0, 0, 0, 8)),
                handshake("closed the connection instead of sending EXCHANGE_PROTO_VERSION", end),
                handshake(
                        "does a shmipc server listen there?",
                        client -> write(client, "HTTP/1.1 400 Bad Request".getBytes(StandardCharsets.US_ASCII))),
                handshake(
                        "version 2, which cannot pass memfds",
                        client -> RawServer.send(client, 2, EXCHANGE_PROTO_VERSION)),
                handshake(
                        "sent ACK_SHARE_MEMORY instead of EXCHANGE_PROTO_VERSION",
                        client -> RawServer.send(client, 3, ACK_SHARE_MEMORY)),
                handshake("sent FALLBACK_DATA instead of EXCHANGE_PROTO_VERSION", fallback),
                handshake("did not send ACK_READY_RECV_FD within PT0.3S", version),
                handshake("closed the connection instead of sending ACK_READY_RECV_FD", version, next, end),
                handshake(
                        "sent POLLING instead of ACK_READY_RECV_FD",
                        version,
                        client -> RawServer.send(client, 3, POLLING)),
                handshake("did not send ACK_SHARE_MEMORY within PT0.3S", ready),
                handshake("closed the connection instead of sending ACK_SHARE_MEMORY", ready, descriptors, end),
                handshake(
                        "sent HOT_RESTART instead of ACK_SHARE_MEMORY",
                        ready,
                        client -> RawServer.send(client, 3, 8, new byte[8])));
    }

    private static Arguments handshake(String told, Mischief... steps) {
        return Arguments.of(told, List.of(steps));
    }

    private static void write(SocketChannel client, int... bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
        for (int value : bytes) {
            buffer.put((byte) value);
        }
        client.write(buffer.flip());
    }

    private static void write(SocketChannel client, byte[] bytes) throws IOException {
        client.write(ByteBuffer.wrap(bytes));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void handshakes(String told, List<Mischief> steps) throws Exception {
        CompletableFuture<Void> mischief = CompletableFuture.runAsync(() -> {
            try (SocketChannel client = server.accept()) {
                for (Mischief step : steps) {
                    step.at(client);
                }
                while (client.isOpen() && client.read(ByteBuffer.allocate(64)) >= 0) {
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                // The client was quicker, and has hung up.
            }
        });
        SessionManagerConfig config =
                client(MemoryType.MEMFD, Duration.ofMillis(300)).build();
        assertThatThrownBy(() -> SessionManager.open(config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(told);
        mischief.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    // ---------------------------------------------------------------- an established session

    static java.util.stream.Stream<Arguments> messages() {
        return java.util.stream.Stream.of(
                message("FALLBACK_DATA with 1 payload", 2, FALLBACK_DATA, new byte[1]),
                message("STREAM_CLOSE with 3 payload", 2, 2, new byte[3]),
                message("HOT_RESTART_ACK, which a client does not receive", 2, 9, new byte[8]),
                message("HOT_RESTART with 7 payload", 2, 8, new byte[7]),
                message("EXCHANGE_PROTO_VERSION, which a client does not receive", 2, 4, new byte[0]),
                message("ACK_READY_RECV_FD, which a client does not receive", 2, 7, new byte[0]),
                message("SHARE_MEMORY_BY_FILE_PATH, which a client does not receive", 2, 0, new byte[4]),
                message("types go up to 9", 2, 10, new byte[0]),
                message("version 0", 0, POLLING, new byte[0]));
    }

    private static Arguments message(String told, int version, int type, byte[] payload) {
        return Arguments.of(told, version, type, payload);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void messages(String told, int version, int type, byte[] payload) throws Exception {
        try (SessionManager manager =
                        SessionManager.open(client(MemoryType.FILE, PATIENCE).build());
                SocketChannel client = server.accept()) {
            Session session = manager.sessions().get(0);
            RawServer.send(client, version, type, payload);
            assertThat(session.closeFuture().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .contains(told);
        }
    }

    // ---------------------------------------------------------------- at random

    /** How far a server has come before it goes wrong; with files it has nothing to say before the session. */
    private enum Stage {
        VERSION_AWAITED,
        READY_AWAITED,
        MAPPING_AWAITED,
        ESTABLISHED,
        TALKING
    }

    @Test
    @Reliability
    void malformedMessagesEndTheirSessionAndTheManagerGoesOn() throws Exception {
        Figures.keep(
                "frames.servers",
                300,
                "connections to servers with malformed messages, heap growth < 64 MB",
                figure -> {
                    Heap heap = Heap.now();
                    long done = 0;
                    for (MemoryType type : MemoryType.values()) {
                        try (SessionManager manager = openBeforeTheServer(type)) {
                            for (long end = done + figure.count() / 2; done < end; done++) {
                                attack(manager, FrameFuzz.messages(done), stage(type, done));
                                figure.reached(done);
                            }
                            moveToAGoodServer(manager);
                        }
                        server.close();
                        server = new RawServer();
                    }
                    return "%,d, heap growth %d MB, another server was at home each time"
                            .formatted(done, heap.grownMegabytes(64));
                });
    }

    private static Stage stage(MemoryType type, long seed) {
        List<Stage> stages = List.copyOf(
                EnumSet.range(type == MemoryType.FILE ? Stage.ESTABLISHED : Stage.VERSION_AWAITED, Stage.TALKING));
        return stages.get(new Random(seed).nextInt(stages.size()));
    }

    /** Opens a manager that finds nobody, as its first attempt is made by this thread, and then the server. */
    private SessionManager openBeforeTheServer(MemoryType type) throws IOException {
        server.leaveAddress();
        server.stopListening();
        SessionManager manager = SessionManager.open(
                client(type, Duration.ofSeconds(5)).connectLazily(true).build());
        server = server.successor();
        return manager;
    }

    private void moveToAGoodServer(SessionManager manager) throws IOException {
        server.leaveAddress();
        ListenerConfig config =
                ListenerConfig.builder(manager.config().address()).build();
        try (Listener good = new Listener(stream -> stream.setCallbacks(new Echo(stream)), config)) {
            good.start();
            server.stopListening();
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(ShmipcException.class)
                    .until(() -> {
                        assertServed(manager);
                        return true;
                    });
        }
    }

    @ParameterizedTest
    @MethodSource("regressions")
    void messagesThatOnceDidHarm(Path file) throws IOException {
        for (MemoryType type : MemoryType.values()) {
            try (SessionManager manager = openBeforeTheServer(type)) {
                for (Stage stage : Stage.values()) {
                    if (type == MemoryType.MEMFD || stage.compareTo(Stage.ESTABLISHED) >= 0) {
                        attack(manager, FrameFuzz.read(file), stage);
                    }
                }
                server.stopListening();
            }
        }
    }

    static java.util.stream.Stream<Path> regressions() {
        return FrameFuzz.regressions().stream();
    }

    private void attack(SessionManager manager, byte[] bytes, Stage stage) throws IOException {
        try (SocketChannel client = server.accept()) {
            if (manager.config().config().memoryType() == MemoryType.MEMFD) {
                shakeHands(client, stage);
            }
            if (stage == Stage.TALKING) {
                whileTalking(manager, client, bytes);
            } else {
                send(client, bytes);
            }
        }
    }

    private static void shakeHands(SocketChannel client, Stage stage) throws IOException {
        if (stage.compareTo(Stage.VERSION_AWAITED) > 0) {
            RawServer.send(client, 3, EXCHANGE_PROTO_VERSION);
            RawServer.skipMessage(client);
        }
        if (stage.compareTo(Stage.READY_AWAITED) > 0) {
            RawServer.send(client, 3, ACK_READY_RECV_FD);
            client.read(ByteBuffer.allocate(1));
        }
        if (stage.compareTo(Stage.MAPPING_AWAITED) > 0) {
            RawServer.send(client, 3, ACK_SHARE_MEMORY);
        }
    }

    private static void whileTalking(SessionManager manager, SocketChannel client, byte[] bytes) {
        await().atMost(PATIENCE).until(() -> manager.sessions().stream().anyMatch(Session::isHealthy));
        try (Stream stream = manager.getStream()) {
            stream.setDeadline(Instant.now().plus(PATIENCE));
            Payload.send(stream, Payload.of(100, 1));
            send(client, bytes);
            // What arrives may be well-formed; the end comes behind it.
            while (true) {
                stream.bufferReader().discard(1);
                stream.bufferReader().releasePreviousRead();
            }
        } catch (ShmipcException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain(PATIENCE.toString());
        }
    }

    private static void send(SocketChannel client, byte[] bytes) {
        try {
            client.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            // The client has hung up already.
        }
        RawServer.awaitEnd(client);
    }
}
