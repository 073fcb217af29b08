package io.shmipc.sample.raw;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Stream;
import io.shmipc.spring.annotation.ShmipcListener;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Sends every message back as it came. A message is four bytes of length, big-endian, and that many bytes.
 *
 * <p>A stream is bytes without borders, so every protocol over it says where a message ends.
 */
@Component
@ConditionalOnProperty("shmipc.listeners.raw.address")
class RawEchoHandler {

    private static final int MAX_BYTES = 16 << 20;
    /** What is reserved in larger pieces would not lie in one slice, and not in shared memory then. */
    private static final int LARGEST_SLICE_BYTES = 131_052;

    /**
     * Called whenever bytes have arrived on any stream of any client.
     *
     * <p>They may be half a message or three messages: what is complete is answered, and the rest stays where it is
     * until the next call brings more.
     */
    @ShmipcListener(listener = "raw")
    void onData(BufferReader reader, BufferWriter writer, Stream stream) {
        while (reader.length() >= Integer.BYTES) {
            int length = reader.peek(Integer.BYTES).getInt();
            if (length < 0 || length > MAX_BYTES) {
                // The exception closes this stream, and nothing else.
                throw new IllegalArgumentException(
                        "A message of " + length + " bytes: 0 to " + MAX_BYTES + " are possible");
            }
            if (reader.length() < Integer.BYTES + length) {
                return;
            }
            copy(reader, writer, Integer.BYTES + length);
            stream.flush();
            // Gives the client's slices back, and keeps the last at hand for the next answer.
            stream.releaseReadAndReuse();
        }
    }

    /** Copies once, from the client's slices to fresh ones; both are shared memory. */
    private static void copy(BufferReader reader, BufferWriter writer, int length) {
        for (int left = length; left > 0; left -= Math.min(left, LARGEST_SLICE_BYTES)) {
            reader.readBytes(writer.reserve(Math.min(left, LARGEST_SLICE_BYTES)));
        }
    }
}
