package io.shmipc.sample;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Texts on a stream: two bytes of length, big-endian, then that many bytes of UTF-8.
 *
 * <p>A stream is bytes without borders, so every protocol over it says where a message ends.
 */
final class Frames {

    private static final int LENGTH_BYTES = 2;
    private static final int MAX_TEXT_BYTES = 0xFFFF;

    private Frames() {}

    /** Writes one text; the flush is the caller's. */
    static void write(BufferWriter writer, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException("A text of " + bytes.length + " bytes does not fit in one frame");
        }
        writer.writeShort((short) bytes.length);
        writer.writeBytes(bytes);
    }

    /** Reads one text and waits for it: for a client that has asked a question. */
    static String read(BufferReader reader) {
        return reader.readString(Short.toUnsignedInt(reader.readShort()));
    }

    /** Reads one text if all of it has arrived, and otherwise nothing: for a handler, which is called again. */
    static @Nullable String poll(BufferReader reader) {
        if (reader.length() < LENGTH_BYTES) {
            return null;
        }
        int length = Short.toUnsignedInt(reader.peek(LENGTH_BYTES).getShort());
        if (reader.length() < LENGTH_BYTES + length) {
            return null;
        }
        return read(reader);
    }
}
