package io.shmipc.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.shmipc.ProtocolException;
import io.shmipc.Reason;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes in any pieces, and bytes that no correct peer sends. */
@Timeout(20)
class MessageDecoderTests {

    private static final int MAX_FALLBACK = 256 << 20;

    /** Polling, a close of stream 3, fallback data, an empty one, two paths, an epoch. */
    private static final String CONVERSATION = "0000000877580201"
            + "0000000c7758020200000003"
            + "0000001577580203000000040000ff000102030405"
            + "00000010775802030000000400000001"
            + "0000001177580200000261620003636465"
            + "00000010775803080000000000000007";

    private static final List<String> MEANING = List.of(
            "POLLING v2 ",
            "STREAM_CLOSE v2 00000003",
            "FALLBACK_DATA stream 4 status 65280 bytes 5: 0102030405",
            "FALLBACK_DATA stream 4 status 1 bytes 0: ",
            "SHARE_MEMORY_BY_FILE_PATH v2 000261620003636465",
            "HOT_RESTART v3 0000000000000007");

    private final MessageDecoder decoder = new MessageDecoder();
    private final Recorder recorder = new Recorder();

    @Test
    void messagesInOnePieceAreTold() {
        feed(CONVERSATION);
        assertThat(recorder.messages).isEqualTo(MEANING);
    }

    @Test
    void messagesSplitAtAnyByteAreTheSame() {
        byte[] bytes = HexFormat.of().parseHex(CONVERSATION);
        for (int split = 0; split <= bytes.length; split++) {
            Recorder found = new Recorder();
            MessageDecoder halves = new MessageDecoder();
            halves.feed(ByteBuffer.wrap(bytes, 0, split), found);
            halves.feed(ByteBuffer.wrap(bytes, split, bytes.length - split), found);
            assertThat(found.messages).as("split at %d", split).isEqualTo(MEANING);
        }
    }

    @Test
    void messagesThatArriveByteByByteAreTheSame() {
        for (byte b : HexFormat.of().parseHex(CONVERSATION)) {
            decoder.feed(ByteBuffer.wrap(new byte[] {b}), recorder);
        }
        assertThat(recorder.messages).isEqualTo(MEANING);
    }

    @Test
    void messagesInRandomPiecesAreTheSame() {
        byte[] bytes = HexFormat.of().parseHex(CONVERSATION);
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            Recorder found = new Recorder();
            MessageDecoder pieces = new MessageDecoder();
            for (int at = 0; at < bytes.length; ) {
                int piece = Math.min(bytes.length - at, random.nextInt(12));
                pieces.feed(ByteBuffer.wrap(bytes, at, piece), found);
                at += piece;
            }
            assertThat(found.messages).isEqualTo(MEANING);
        }
    }

    @Test
    void whatIsMissingIsNeverMoreThanTheNextMessage() {
        byte[] bytes = HexFormat.of().parseHex(CONVERSATION);
        int at = 0;
        while (at < bytes.length) {
            int missing = decoder.missing();
            assertThat(missing).isPositive();
            int messages = recorder.messages.size();
            decoder.feed(ByteBuffer.wrap(bytes, at, missing), recorder);
            assertThat(recorder.messages.size()).isLessThanOrEqualTo(messages + 1);
            at += missing;
        }
        assertThat(at).isEqualTo(bytes.length);
        assertThat(recorder.messages).isEqualTo(MEANING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0000000877590201", "0000000800000201", "474554202f20485454502f312e310d0a", "ffffffffffffffff"})
    void anotherMagicIsRefused(String hex) {
        assertRefused(hex, Reason.PROTOCOL_VIOLATION).hasMessageContaining(hex.substring(0, 16));
    }

    @Test
    void versionZeroIsRefused() {
        assertRefused("0000000877580001", Reason.INVALID_VERSION).hasMessageContaining("version 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0a", "0b", "7f", "80", "ff"})
    void anUnknownTypeIsRefused(String type) {
        assertRefused("00000008775802" + type, Reason.INVALID_MESSAGE_TYPE)
                .hasMessageContaining("type " + Integer.parseInt(type, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "0, SHARE_MEMORY_BY_FILE_PATH, 4, 8196",
        "1, POLLING, 0, 0",
        "2, STREAM_CLOSE, 4, 4",
        "3, FALLBACK_DATA, 8, 268435456",
        "4, EXCHANGE_PROTO_VERSION, 0, 0",
        "5, SHARE_MEMORY_BY_MEMFD, 4, 8196",
        "6, ACK_SHARE_MEMORY, 0, 0",
        "7, ACK_READY_RECV_FD, 0, 0",
        "8, HOT_RESTART, 8, 8",
        "9, HOT_RESTART_ACK, 8, 8"
    })
    void aLengthIsBelievedWithinWhatItsTypeAllows(int number, MessageType type, long least, long most) {
        assertThat(type.number()).isEqualTo((byte) number);
        assertRefused(header(8 + least - 1, number), Reason.PROTOCOL_VIOLATION)
                .hasMessageContaining(type + " with " + (least - 1));
        assertRefused(header(8 + most + 1, number), Reason.PROTOCOL_VIOLATION)
                .hasMessageContaining(least + " to " + most);
        assertRefused(header(0, number), Reason.PROTOCOL_VIOLATION);
        assertRefused(header(0x80000000L, number), Reason.PROTOCOL_VIOLATION);
        assertRefused(header(0xffffffffL, number), Reason.PROTOCOL_VIOLATION);
        new MessageDecoder().feed(bytes(header(8 + least, number)), recorder);
        new MessageDecoder().feed(bytes(header(8 + most, number)), recorder);
    }

    @Test
    void aDecoderThatRefusedGoesOnRefusing() {
        assertThatThrownBy(() -> feed("0000000877590201")).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> feed("0000000877580201")).isInstanceOf(ProtocolException.class);
        assertThat(recorder.messages).isEmpty();
    }

    @Test
    void aHugeClaimAllocatesNothing() {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ByteBuffer header = bytes(header(8L + MAX_FALLBACK, 3) + "0000000400000000");
        ByteBuffer part = ByteBuffer.allocate(1000);
        long before = thread.getCurrentThreadAllocatedBytes();
        int[] parts = {0};
        MessageHandler counter = new MessageHandler() {
            @Override
            public void onMessage(MessageType type, int version, ByteBuffer payload) {}

            @Override
            public void onFallback(int streamId, int status, int bytes) {
                assertThat(bytes).isEqualTo(MAX_FALLBACK - 8);
            }

            @Override
            public void onFallbackPart(ByteBuffer bytes, boolean last) {
                assertThat(bytes.remaining()).isEqualTo(1000);
                assertThat(last).isFalse();
                parts[0]++;
            }
        };
        decoder.feed(header, counter);
        decoder.feed(part, counter);
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(4L << 20);
        assertThat(parts[0]).isEqualTo(1);
        assertThat(decoder.missing()).isEqualTo(MAX_FALLBACK - 8 - 1000);
    }

    @Test
    void randomBytesAreRefusedOrTold() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = HexFormat.of().parseHex(CONVERSATION);
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                new MessageDecoder().feed(ByteBuffer.wrap(bytes), new Recorder());
            } catch (ProtocolException e) {
                assertThat(e.reason())
                        .isIn(Reason.PROTOCOL_VIOLATION, Reason.INVALID_VERSION, Reason.INVALID_MESSAGE_TYPE);
            }
        }
    }

    private void feed(String hex) {
        decoder.feed(bytes(hex), recorder);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static String header(long length, int type) {
        return "%08x775802%02x".formatted(length, type);
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(String hex, Reason reason) {
        return assertThatThrownBy(() -> new MessageDecoder().feed(bytes(hex), new Recorder()))
                .isInstanceOfSatisfying(
                        ProtocolException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
