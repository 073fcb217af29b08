package io.shmipc.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ProtocolException;
import io.shmipc.reliability.Figures;
import io.shmipc.reliability.Heap;
import io.shmipc.reliability.Reliability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The message decoder against a second, simple one, which has all bytes at hand: both tell the same messages and refuse
 * at the same one, in whatever pieces the bytes arrive.
 */
@Timeout(60)
class FrameFuzzTests {

    private static final int MAX_PIECE = 40;

    /** What was found: messages, and whether the bytes after them were refused. */
    private record Found(List<String> messages, boolean refused) {}

    @Test
    @Reliability
    void malformedMessagesAreRefusedWhereTheyBeginToBeWrong() throws Exception {
        Figures.keep("frames.decoder", 200_000, "malformed messages, heap growth < 64 MB", figure -> {
            Heap heap = Heap.now();
            long refused = 0;
            for (long seed = 0; seed < figure.count(); seed++) {
                refused += assertSame("seed " + seed, FrameFuzz.messages(seed), seed) ? 1 : 0;
                figure.reached(seed);
            }
            assertThat(refused).isBetween(figure.count() / 4, figure.count() - 1);
            return "%,d, %,d of them refused, heap growth %d MB"
                    .formatted(figure.count(), refused, heap.grownMegabytes(64));
        });
    }

    static Stream<Path> regressions() {
        return FrameFuzz.regressions().stream();
    }

    @ParameterizedTest
    @MethodSource
    void regressions(Path file) throws IOException {
        for (int seed = 0; seed < 100; seed++) {
            assertSame(file.toString(), FrameFuzz.read(file), seed);
        }
    }

    private static boolean assertSame(String what, byte[] bytes, long seed) {
        Found simple = simply(bytes);
        Found found = inPieces(bytes, new Random(seed));
        if (!found.equals(simple)) {
            assertThat(found)
                    .as("%s: %s", what, HexFormat.of().formatHex(bytes))
                    .isEqualTo(simple);
        }
        return simple.refused();
    }

    private static Found inPieces(byte[] bytes, Random random) {
        MessageDecoder decoder = new MessageDecoder();
        Recorder recorder = new Recorder();
        try {
            for (int at = 0; at < bytes.length; ) {
                int piece = Math.min(bytes.length - at, 1 + random.nextInt(MAX_PIECE));
                decoder.feed(ByteBuffer.wrap(bytes, at, piece), recorder);
                at += piece;
            }
            return new Found(recorder.messages, false);
        } catch (ProtocolException e) {
            assertThat(e).hasMessageContaining("The peer sent");
            return new Found(recorder.messages, true);
        }
    }

    /** Reads what the protocol's description says, without a thought for how the bytes arrive. */
    private static Found simply(byte[] bytes) {
        List<String> messages = new ArrayList<>();
        ByteBuffer input = ByteBuffer.wrap(bytes);
        while (input.remaining() >= 8) {
            long payload = Integer.toUnsignedLong(input.getInt()) - 8;
            int magic = input.getShort();
            int version = Byte.toUnsignedInt(input.get());
            int type = Byte.toUnsignedInt(input.get());
            if (magic != 0x7758 || version == 0 || type > 9 || !possible(type, payload)) {
                return new Found(messages, true);
            }
            if (input.remaining() < payload) {
                break;
            }
            byte[] body = new byte[(int) payload];
            input.get(body);
            messages.add(meaning(type, version, body));
        }
        return new Found(messages, false);
    }

    private static boolean possible(int type, long payload) {
        return switch (type) {
            case 0, 5 -> payload >= 4 && payload <= 2 * (2 + 4096);
            case 2 -> payload == 4;
            case 3 -> payload >= 8 && payload <= 256 << 20;
            case 8, 9 -> payload == 8;
            default -> payload == 0;
        };
    }

    private static String meaning(int type, int version, byte[] body) {
        MessageType known = MessageType.of(type, body.length);
        if (known != MessageType.FALLBACK_DATA) {
            return known + " v" + version + " " + HexFormat.of().formatHex(body);
        }
        ByteBuffer fields = ByteBuffer.wrap(body);
        return "FALLBACK_DATA stream " + fields.getInt() + " status " + fields.getInt() + " bytes " + fields.remaining()
                + ": " + HexFormat.of().formatHex(body, fields.position(), body.length);
    }
}
