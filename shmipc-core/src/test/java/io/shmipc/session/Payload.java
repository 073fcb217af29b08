package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.BufferReader;
import io.shmipc.Stream;
import java.util.Arrays;

/** Bytes that tell whether they arrived complete and in order. */
public final class Payload {

    private Payload() {}

    /** Returns bytes of which no two neighbouring blocks are the same. */
    public static byte[] of(int size, int seed) {
        byte[] bytes = new byte[size];
        int state = seed | 1;
        for (int i = 0; i < size; i++) {
            state = state * 1_103_515_245 + 12_345;
            bytes[i] = (byte) (state >>> 16);
        }
        return bytes;
    }

    /** Sends bytes as one message. */
    public static void send(Stream stream, byte[] bytes) {
        stream.bufferWriter().writeBytes(bytes);
        stream.flush();
    }

    /** Waits for that many bytes and takes them. */
    public static byte[] receive(Stream stream, int size) {
        BufferReader reader = stream.bufferReader();
        byte[] bytes = new byte[size];
        reader.readBytes(bytes, 0, size);
        reader.releasePreviousRead();
        return bytes;
    }

    /** Sends bytes to an echo and checks what comes back. */
    public static void roundTrip(Stream stream, byte[] bytes) {
        send(stream, bytes);
        assertThat(Arrays.equals(receive(stream, bytes.length), bytes))
                .as("%d bytes come back as they were sent", bytes.length)
                .isTrue();
    }
}
