package io.shmipc.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.sys.NativeBuffer;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages over a real socket: whole, in order, and never for longer than agreed. */
@Timeout(20)
class ConnectionTests {

    private static final int SENDERS = 4;
    private static final int ROUNDS = 60;
    private static final int FALLBACK_BYTES = 50_000;

    private final Recorder recorder = new Recorder();

    @Test
    void messagesOfSeveralThreadsDoNotMix() throws Exception {
        try (Wire wire = Wire.open()) {
            List<CompletableFuture<Void>> senders = new ArrayList<>();
            for (int sender = 0; sender < SENDERS; sender++) {
                int id = sender;
                senders.add(CompletableFuture.runAsync(() -> sendMany(wire.near(), id)));
            }
            MessageDecoder decoder = new MessageDecoder();
            int messages = 2 * SENDERS * ROUNDS;
            while (recorder.messages.size() < messages) {
                decoder.feed(ByteBuffer.wrap(wire.receive(decoder.missing())), recorder);
            }
            CompletableFuture.allOf(senders.toArray(CompletableFuture[]::new)).get();
            for (int id = 0; id < SENDERS; id++) {
                byte[] data = new byte[FALLBACK_BYTES];
                Arrays.fill(data, (byte) id);
                assertThat(recorder.messages)
                        .filteredOn(("FALLBACK_DATA stream " + id + " status 0 bytes 50000: "
                                + HexFormat.of().formatHex(data))::equals)
                        .hasSize(ROUNDS);
            }
        }
    }

    private static void sendMany(Connection connection, int id) {
        byte[] data = new byte[FALLBACK_BYTES];
        Arrays.fill(data, (byte) id);
        for (int i = 0; i < ROUNDS; i++) {
            connection.post(MessageType.POLLING);
            ByteBuffer source = ByteBuffer.wrap(data);
            connection.sendFallback(id, 0, data.length, target -> {
                int part = Math.min(target.remaining(), source.remaining());
                target.put(source.slice().limit(part));
                source.position(source.position() + part);
            });
        }
    }

    @Test
    void aPeerThatReadsNothingEndsTheWriteInTime() throws IOException {
        try (Wire wire = Wire.open(Duration.ofMillis(50))) {
            wire.fill();
            long start = System.nanoTime();
            assertThatThrownBy(() -> sendOneByte(wire.near()))
                    .isInstanceOf(ShmipcTimeoutException.class)
                    .hasMessageContaining("PT0.05S")
                    .hasMessageContaining("connectionWriteTimeout")
                    .satisfies(
                            e -> assertThat(((ShmipcException) e).reason()).isEqualTo(Reason.CONNECTION_WRITE_TIMEOUT));
            assertThat(System.nanoTime() - start)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
        }
    }

    @Test
    void aShutdownEndsAWriteThatWaits() throws Exception {
        try (Wire wire = Wire.open(Duration.ofSeconds(10))) {
            wire.fill();
            Thread[] writer = new Thread[1];
            CompletableFuture<Void> write = CompletableFuture.runAsync(() -> {
                writer[0] = Thread.currentThread();
                sendOneByte(wire.near());
            });
            await().until(() -> writer[0] != null && isWaitingForRoom(writer[0]));
            wire.near().shutdown();
            assertThatThrownBy(write::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            ShmipcException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SESSION_SHUTDOWN));
        }
    }

    private static void sendOneByte(Connection connection) {
        connection.sendFallback(1, 0, 1, target -> target.put((byte) 1));
    }

    @Test
    void aPeerThatTakesALittleNowAndThenEndsTheWriteInTimeAllTheSame() throws Exception {
        try (Wire wire = Wire.open(Duration.ofMillis(300))) {
            CompletableFuture<Void> write = CompletableFuture.runAsync(
                    () -> wire.near().sendFallback(1, 0, 2_000_000_000, target -> target.position(target.limit())));
            NativeBuffer little = NativeBuffer.allocate(1 << 10);
            while (!write.isDone()) {
                Sockets.receive(wire.far(), little, 0, 1 << 10);
            }
            assertThatThrownBy(write::get).hasCauseInstanceOf(ShmipcTimeoutException.class);
        }
    }

    @Test
    void whatIsPostedNeitherWaitsNorIsLostNorOvertaken() throws IOException {
        try (Wire wire = Wire.open()) {
            int filled = wire.fill();
            int posted = 1000;
            for (int id = 0; id < posted; id++) {
                assertThat(wire.near().post(MessageType.STREAM_CLOSE, id)).isFalse();
            }
            assertThat(wire.near().flush()).isFalse();
            wire.receive(filled);
            assertThat(wire.near().flush()).isTrue();
            sendOneByte(wire.near());
            MessageDecoder decoder = new MessageDecoder();
            while (recorder.messages.size() <= posted) {
                decoder.feed(ByteBuffer.wrap(wire.receive(decoder.missing())), recorder);
            }
            for (int id = 0; id < posted; id++) {
                assertThat(recorder.messages.get(id)).isEqualTo("STREAM_CLOSE v2 %08x".formatted(id));
            }
            assertThat(recorder.messages.get(posted)).startsWith("FALLBACK_DATA stream 1");
        }
    }

    @Test
    void whatIsPostedWhileAnotherThreadWaitsForRoomGoesOutBehindItsMessage() throws Exception {
        try (Wire wire = Wire.open()) {
            int filled = wire.fill();
            Thread[] writer = new Thread[1];
            CompletableFuture<Void> write = CompletableFuture.runAsync(() -> {
                writer[0] = Thread.currentThread();
                sendOneByte(wire.near());
            });
            await().until(() -> writer[0] != null && isWaitingForRoom(writer[0]));
            assertThat(wire.near().post(MessageType.POLLING)).isFalse();
            wire.receive(filled);
            write.get();
            MessageDecoder decoder = new MessageDecoder();
            while (recorder.messages.size() < 2) {
                decoder.feed(ByteBuffer.wrap(wire.receive(decoder.missing())), recorder);
            }
            assertThat(recorder.messages.get(1)).isEqualTo("POLLING v2 ");
            assertThat(wire.near().flush()).isTrue();
        }
    }

    @Test
    void aPeerThatTakesNothingOfWhatIsPostedIsGivenUpInTime() throws IOException {
        try (Wire wire = Wire.open(Duration.ofMillis(50))) {
            wire.fill();
            assertThat(wire.near().post(MessageType.POLLING)).isFalse();
            await().untilAsserted(() -> assertThatThrownBy(wire.near()::flush)
                    .isInstanceOf(ShmipcTimeoutException.class)
                    .hasMessageContaining("PT0.05S"));
        }
    }

    @Test
    void whatIsPostedToAPeerThatTakesNothingIsBounded() throws IOException {
        try (Wire wire = Wire.open()) {
            wire.fill();
            assertThatThrownBy(() -> {
                        for (int posted = 0; posted < Outbox.LIMIT_BYTES; posted++) {
                            wire.near().post(MessageType.POLLING);
                        }
                    })
                    .isInstanceOf(ShmipcTimeoutException.class)
                    .hasMessageContaining("while 1048576 bytes");
        }
    }

    private static boolean isWaitingForRoom(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("awaitWritable"));
    }

    @Test
    void sendingToAPeerThatIsGoneSaysThatTheConnectionBroke() throws IOException {
        try (Wire wire = Wire.open()) {
            wire.far().close();
            assertSessionShutdown(wire.near());
        }
    }

    @Test
    void sendingOnAClosedConnectionSaysThatTheConnectionBroke() throws IOException {
        try (Wire wire = Wire.open()) {
            wire.near().close();
            assertSessionShutdown(wire.near());
            wire.near().shutdown();
            wire.near().close();
        }
    }

    @Test
    void receivingTellsSomethingFromNothingFromTheEnd() throws IOException {
        try (Wire wire = Wire.open()) {
            List<String> order = new ArrayList<>();
            assertThat(receive(wire, order)).isEqualTo(Connection.Received.NOTHING);
            wire.send(HexFormat.of().parseHex("00000008775802010000000c7758020200000003"));
            assertThat(wire.near().awaitReadable(Wire.PATIENCE_NANOS)).isTrue();
            assertThat(receive(wire, order)).isEqualTo(Connection.Received.ALL);
            assertThat(recorder.messages).containsExactly("POLLING v2 ", "STREAM_CLOSE v2 00000003");
            wire.far().close();
            assertThat(wire.near().awaitReadable(Wire.PATIENCE_NANOS)).isTrue();
            assertThat(receive(wire, order)).isEqualTo(Connection.Received.END);
            assertThat(order)
                    .as("messages that were known when the queue was to be drained: none of the ones to come")
                    .containsExactly("0", "2");
        }
    }

    @Test
    void whoDrainsTheQueueBeforeMessagesMayTakeThemItself() throws IOException {
        try (Wire wire = Wire.open()) {
            wire.send(HexFormat.of().parseHex("0000000c7758020200000001"));
            assertThat(wire.near().awaitReadable(Wire.PATIENCE_NANOS)).isTrue();
            Connection.Received received = wire.near().receive(recorder, () -> takeTwo(wire));
            assertThat(received).isEqualTo(Connection.Received.ALL);
            assertThat(recorder.messages).containsExactly("STREAM_CLOSE v2 00000001", "STREAM_CLOSE v2 00000002");
            assertThat(receive(wire, new ArrayList<>())).isEqualTo(Connection.Received.NOTHING);
        }
    }

    /** Takes the message that was read already, and another behind it, as a callback does that waits on this thread. */
    private void takeTwo(Wire wire) {
        try {
            assertThat(wire.near().hasPending()).isTrue();
            wire.send(HexFormat.of().parseHex("0000000c7758020200000002"));
            while (recorder.messages.size() < 2) {
                receive(wire, new ArrayList<>());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Connection.Received receive(Wire wire, List<String> order) throws IOException {
        return wire.near().receive(recorder, () -> order.add(Integer.toString(recorder.messages.size())));
    }

    @Test
    void aHandshakeReadsNoByteBeyondItsMessage() throws IOException {
        try (Wire wire = Wire.open()) {
            wire.send(HexFormat.of().parseHex("000000087758030700"));
            while (recorder.messages.isEmpty()) {
                assertThat(wire.near().receiveOne(recorder)).isEqualTo(Connection.Received.SOME);
            }
            assertThat(recorder.messages).containsExactly("ACK_READY_RECV_FD v3 ");
            assertThat(wire.near().awaitReadable(0))
                    .as("the byte behind it is still there")
                    .isTrue();
        }
    }

    @Test
    void bytesThatCameBeforeTheEndAreReadBeforeTheEnd() throws IOException {
        try (Wire wire = Wire.open()) {
            wire.send(HexFormat.of().parseHex("0000000877580201"));
            wire.far().close();
            assertThat(receive(wire, new ArrayList<>())).isEqualTo(Connection.Received.ALL);
            assertThat(recorder.messages).containsExactly("POLLING v2 ");
            assertThat(receive(wire, new ArrayList<>())).isEqualTo(Connection.Received.END);
        }
    }

    private static void assertSessionShutdown(Connection connection) {
        assertThatThrownBy(() -> connection.post(MessageType.POLLING))
                .isInstanceOfSatisfying(
                        ShmipcException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SESSION_SHUTDOWN));
    }
}
