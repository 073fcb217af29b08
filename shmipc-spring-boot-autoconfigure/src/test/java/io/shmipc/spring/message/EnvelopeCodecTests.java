package io.shmipc.spring.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.InvalidConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The envelope byte by byte, as docs/envelope.md promises it to peers. */
@Timeout(10)
class EnvelopeCodecTests {

    private static final int LIMIT = 100_000;

    private final EnvelopeCodec codec = new EnvelopeCodec(LIMIT);

    @Test
    void theExamplesOfTheDocumentationAreWhatIsWritten() throws IOException {
        Map<String, String> examples = examples();

        assertThat(encoded(request())).isEqualTo(examples.get("request"));
        assertThat(encoded(new WireMessage(
                        MessageType.REPLY, 7, Map.of(WireMessage.CONTENT_TYPE, "text/plain"), bytes("Hello, Ada!"))))
                .isEqualTo(examples.get("reply"));
        assertThat(encoded(WireMessage.error(7, ErrorCodes.UNKNOWN_ROUTE, "Nothing serves the route 'greet'.")))
                .isEqualTo(examples.get("error"));
        assertThat(encoded(new WireMessage(MessageType.ONE_WAY, 0, Map.of(), ByteBuffer.allocate(0))))
                .isEqualTo(examples.get("one-way"));
        assertThat(examples).hasSize(4);
    }

    @Test
    void theExamplesOfTheDocumentationAreRead() throws IOException {
        assertThat(codec.decode(HeapBytes.ofHex(examples().get("request")))).isEqualTo(request());

        WireMessage error = codec.decode(HeapBytes.ofHex(examples().get("error")));
        assertThat(error.type()).isEqualTo(MessageType.ERROR);
        assertThat(error.correlation()).isEqualTo(7);
        assertThat(error.headers()).containsEntry(WireMessage.CODE, "unknown-route");
        assertThat(error.payloadText()).isEqualTo("Nothing serves the route 'greet'.");
    }

    @Test
    void aMessageIsCompleteWithItsLastByteAndNotBefore() {
        String hex = encoded(request());

        for (int end = 0; end < hex.length(); end += 2) {
            HeapBytes part = HeapBytes.ofHex(hex.substring(0, end));
            assertThat(codec.isComplete(part)).as("%d bytes", end / 2).isFalse();
            assertThat(part.length()).isEqualTo(end / 2);
        }
        assertThat(codec.isComplete(HeapBytes.ofHex(hex))).isTrue();
    }

    @Test
    void messagesFollowOneAnother() {
        HeapBytes stream = HeapBytes.ofHex(encoded(request()) + encoded(request()));

        assertThat(codec.decode(stream)).isEqualTo(request());
        assertThat(codec.isComplete(stream)).isTrue();
        assertThat(codec.decode(stream)).isEqualTo(request());
        assertThat(codec.isComplete(stream)).isFalse();
    }

    @Test
    void numbersUseTheirWholeRange() {
        WireMessage message = new WireMessage(
                MessageType.REQUEST, -1, Map.of("ü".repeat(127), "v".repeat(60_000)), ByteBuffer.allocate(30_000));

        WireMessage read = codec.decode(HeapBytes.ofHex(encoded(message)));

        assertThat(read).isEqualTo(message);
        assertThat(Long.toUnsignedString(read.correlation())).isEqualTo("18446744073709551615");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            00000000 01 01 0000 | length of 0 bytes: it has 16 at least
            0000000f 01 01 0000 | length of 15 bytes: it has 16 at least
            000186a1 01 01 0000 | has 100001 bytes: it may have 100000
            ffffffff 01 01 0000 | has 4294967295 bytes: it may have 100000
            00000010 02 01 0000 | version 2 of the envelope: this side speaks version 1
            00000010 01 00 0000 | type 0: there are types 1 to 4
            00000010 01 05 0000 | type 5: there are types 1 to 4
            """)
    void whatIsNoMessageIsRefusedBeforeMoreIsWaitedFor(String beginning, String expected) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> codec.isComplete(HeapBytes.ofHex(beginning)))
                .withMessageContaining(expected);
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> codec.decode(HeapBytes.ofHex(beginning)))
                .withMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            00000010 01 01 0001 0000000000000000             | claims 1 bytes of headers
            00000011 01 01 0001 0000000000000000 00          | a header without a name
            00000012 01 01 0002 0000000000000000 0161        | reaches beyond the end
            00000012 01 01 0002 0000000000000000 0261        | reaches beyond the end
            00000014 01 01 0004 0000000000000000 01610001    | reaches beyond the end
            00000018 01 01 0008 0000000000000000 0161000001610000 | the header 'a' twice
            """)
    void headersThatDoNotAddUpAreRefused(String hex, String expected) {
        HeapBytes message = HeapBytes.ofHex(hex);
        assertThat(codec.isComplete(message)).isTrue();
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> codec.decode(message))
                .withMessageContaining(expected);
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() {
        assertUnwritable(Map.of(), LIMIT - 15, "has 100001 bytes: it may have 100000");
        assertUnwritable(Map.of("", "value"), 0, "'' has 0 bytes: it must have 1 to 255");
        assertUnwritable(Map.of("n".repeat(256), "value"), 0, "has 256 bytes: it must have 1 to 255");
        assertUnwritable(Map.of("name", "v".repeat(65_536)), 0, "have 65536 bytes or more: they may have 65535");
        assertUnwritable(Map.of("name", "v".repeat(65_535)), 0, "have 65542 bytes or more: they may have 65535");
    }

    @Test
    void aLimitThatHeadersAloneWouldFillIsRefused() {
        assertThatExceptionOfType(InvalidConfigException.class)
                .isThrownBy(() -> new EnvelopeCodec(65_550))
                .withMessageContaining("65551 bytes");
        assertThatExceptionOfType(InvalidConfigException.class).isThrownBy(() -> new EnvelopeCodec(1L << 31));
    }

    private void assertUnwritable(Map<String, String> headers, int payloadBytes, String expected) {
        HeapBytes target = new HeapBytes();
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> codec.encode(
                        new WireMessage(MessageType.REPLY, 1, headers, ByteBuffer.allocate(payloadBytes)), target))
                .withMessageContaining(expected);
        assertThat(target.length()).isZero();
    }

    private static WireMessage request() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(WireMessage.ROUTE, "greet");
        headers.put(WireMessage.CONTENT_TYPE, "text/plain");
        headers.put(WireMessage.TRACE_PARENT, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        return new WireMessage(MessageType.REQUEST, 7, headers, bytes("Ada"));
    }

    private String encoded(WireMessage message) {
        HeapBytes target = new HeapBytes();
        codec.encode(message, target);
        return target.hex();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the hexadecimal blocks of the documentation by the word behind their fence. */
    private static Map<String, String> examples() throws IOException {
        Matcher block = Pattern.compile("```hex ([a-z-]+)\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "envelope.md")));
        Map<String, String> examples = new LinkedHashMap<>();
        while (block.find()) {
            examples.put(block.group(1), block.group(2).replaceAll("#.*|\\s", ""));
        }
        return examples;
    }
}
