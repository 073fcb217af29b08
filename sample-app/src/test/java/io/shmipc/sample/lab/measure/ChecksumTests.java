package io.shmipc.sample.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTests {

    private static final int BYTES = 1_003;

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12, 20, 1_000})
    void theSumOfThePiecesIsTheSumOfTheWhole(int pieceBytes) {
        ByteBuffer message = message();
        long pieces = 0;
        for (int at = 0; at < BYTES; at += pieceBytes) {
            pieces += Checksum.of(message.slice(at, Math.min(pieceBytes, BYTES - at)));
        }
        assertThat(pieces).isEqualTo(Checksum.of(message)).isNotZero();
    }

    @Test
    void everyByteCounts() {
        ByteBuffer message = message();
        long sum = Checksum.of(message);
        for (int i = 0; i < BYTES; i++) {
            byte right = message.get(i);
            message.put(i, (byte) (right + 1));
            assertThat(Checksum.of(message)).as("byte %d", i).isNotEqualTo(sum);
            message.put(i, right);
        }
    }

    private static ByteBuffer message() {
        ByteBuffer message = ByteBuffer.allocateDirect(BYTES);
        for (int i = 0; i < BYTES; i++) {
            message.put(i, (byte) (i * 31));
        }
        return message;
    }
}
