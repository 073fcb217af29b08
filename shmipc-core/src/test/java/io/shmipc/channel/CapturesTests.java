package io.shmipc.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.sys.Descriptor;
import io.shmipc.sys.FileFacts;
import io.shmipc.sys.Memfd;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bytes that a real peer put on its connection: read here, and written here, the same. */
@Timeout(20)
class CapturesTests {

    private static final JsonNode CAPTURES = captures();
    private static final String QUEUE_PATH = "/dev/shm/shmipc_fx_queue_0";
    private static final String BUFFER_PATH = "/dev/shm/shmipc_fx_buffer";

    private Wire wire;

    @BeforeEach
    void connect() throws IOException {
        wire = Wire.open();
    }

    @AfterEach
    void disconnect() {
        wire.close();
    }

    @ParameterizedTest
    @CsvSource({
        "polling.v2, POLLING v2 ",
        "polling.v3, POLLING v3 ",
        "streamclose.v2, STREAM_CLOSE v2 00000003",
        "hotrestart.v3.epoch7, HOT_RESTART v3 0000000000000007",
        "v3.client.1.exchange, EXCHANGE_PROTO_VERSION v3 ",
        "v3.server.2.exchange, EXCHANGE_PROTO_VERSION v3 ",
        "v3.server.4.ackready, ACK_READY_RECV_FD v3 ",
        "v3.server.6.ack, ACK_SHARE_MEMORY v3 "
    })
    void shortMessagesAreReadAndWritten(String name, String meaning) throws IOException {
        String[] words = meaning.split(" ", -1);
        assertThat(decoded(bytes(name)).messages).containsExactly(words.length < 3 ? meaning + " " : meaning);

        wire.near().version(words[1].charAt(1) - '0');
        MessageType type = MessageType.valueOf(words[0]);
        switch (type) {
            case STREAM_CLOSE -> wire.near().post(type, 3);
            case HOT_RESTART -> wire.near().post(type, 7);
            default -> wire.near().post(type);
        }
        assertSent(name);
    }

    @Test
    void aHandshakeByFilePathIsReadAndWritten() throws IOException {
        assertThat(decoded(bytes("v2.client.handshake")).messages)
                .containsExactly("SHARE_MEMORY_BY_FILE_PATH v2 " + paths(QUEUE_PATH, BUFFER_PATH));
        wire.near().send(MessageType.SHARE_MEMORY_BY_FILE_PATH, QUEUE_PATH, BUFFER_PATH);
        assertSent("v2.client.handshake");
    }

    @Test
    void aHandshakeByMemfdIsReadAndWritten() throws IOException {
        assertThat(decoded(bytes("v3.client.3.memfd")).messages)
                .containsExactly("SHARE_MEMORY_BY_MEMFD v3 " + paths("fxmem_queue_0", "fxmem_buffer"));
        wire.near().version(3);
        wire.near().send(MessageType.SHARE_MEMORY_BY_MEMFD, "fxmem_queue_0", "fxmem_buffer");
        assertSent("v3.client.3.memfd");
    }

    @Test
    void oneZeroByteAccompaniesTheDescriptorsAndTheBufferComesFirst() throws IOException {
        JsonNode sizes = CAPTURES.get("v3.client.5.fd.sizes(buffer,queue)");
        try (Descriptor buffer = Memfd.createSealed("buffer", sizes.get(0).asLong());
                Descriptor queue = Memfd.createSealed("queue", sizes.get(1).asLong())) {
            wire.near().sendDescriptors(buffer, queue);
            assertSent("v3.client.5.sendmsg.data");

            wire.near().sendDescriptors(buffer, queue);
            Descriptor[] received = new Descriptor[2];
            Connection far = Wire.connection(wire.far(), Duration.ofSeconds(1));
            far.awaitReadable(Wire.PATIENCE_NANOS);
            assertThat(far.receiveDescriptors(received)).isEqualTo(2);
            try (Descriptor first = received[0];
                    Descriptor second = received[1]) {
                assertThat(FileFacts.of(first)).isEqualTo(FileFacts.of(buffer));
                assertThat(FileFacts.of(second)).isEqualTo(FileFacts.of(queue));
            }
        }
    }

    @Test
    void fallbackDataIsReadAndWritten() throws Exception {
        byte[] data = pattern(1_200_000, 4);
        byte[] header = bytes("fallback.header");
        int total = CAPTURES.get("fallback.total.length").asInt();
        assertThat(total).isEqualTo(header.length + data.length);
        Recorder recorder = decoded(header);
        assertThat(recorder.messages).as("its data has yet to come").isEmpty();

        CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
            try {
                return wire.receive(total);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        int[] at = {0};
        wire.near().sendFallback(4, 0, data.length, target -> {
            int part = Math.min(target.remaining(), data.length - at[0]);
            target.put(data, at[0], part);
            at[0] += part;
        });
        byte[] sent = received.get();
        assertThat(sent).hasSize(total).startsWith(header).endsWith(data);
        assertThat(decoded(sent).messages)
                .containsExactly("FALLBACK_DATA stream 4 status 0 bytes 1200000: "
                        + HexFormat.of().formatHex(data));
    }

    private void assertSent(String name) throws IOException {
        byte[] expected = bytes(name);
        assertThat(HexFormat.of().formatHex(wire.receive(expected.length)))
                .isEqualTo(CAPTURES.get(name).asString());
    }

    private static Recorder decoded(byte[] bytes) {
        Recorder recorder = new Recorder();
        new MessageDecoder().feed(ByteBuffer.wrap(bytes), recorder);
        return recorder;
    }

    private static byte[] bytes(String name) {
        return HexFormat.of().parseHex(CAPTURES.get(name).asString());
    }

    private static String paths(String queue, String buffer) {
        HexFormat hex = HexFormat.of();
        return "%04x%s%04x%s"
                .formatted(
                        queue.length(), hex.formatHex(queue.getBytes(StandardCharsets.UTF_8)),
                        buffer.length(), hex.formatHex(buffer.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] pattern(int bytes, int seed) {
        byte[] pattern = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            pattern[i] = (byte) ((i * 31 + seed) % 251);
        }
        return pattern;
    }

    private static JsonNode captures() {
        try (InputStream json = CapturesTests.class.getResourceAsStream("/golden/captures.json")) {
            return JsonMapper.shared().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
