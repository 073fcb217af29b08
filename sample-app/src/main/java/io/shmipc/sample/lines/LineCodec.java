package io.shmipc.sample.lines;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.spring.message.MalformedMessageException;
import io.shmipc.spring.message.MessageType;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * One message is one line of text, as {@code nc} or forty lines of Go write it.
 *
 * <p>Lines have no routes, so all of them go to the method without one, and no correlation numbers, so replies come in
 * the order of the requests.
 */
final class LineCodec implements StreamCodec {

    private static final int MAX_LINE_BYTES = 64 << 10;
    private static final byte LINE_END = '\n';
    private static final int NOT_YET = -1;

    @Override
    public boolean isComplete(BufferReader reader) {
        return lineBytes(reader) != NOT_YET;
    }

    @Override
    public WireMessage decode(BufferReader reader) {
        int length = lineBytes(reader);
        for (int wanted = reader.length() + 1; length == NOT_YET; wanted = reader.length() + 1) {
            // Waits for one more byte at least.
            reader.peek(wanted);
            length = lineBytes(reader);
        }
        ByteBuffer line = reader.readBytes(length);
        reader.discard(1);
        return new WireMessage(MessageType.REQUEST, 0, Map.of(), line);
    }

    /** The error of a failed method is a line, too; a format with more room would say that it is an error. */
    @Override
    public void encode(WireMessage message, BufferWriter writer) {
        byte[] line = message.payloadBytes();
        for (byte character : line) {
            if (character == LINE_END) {
                throw new MalformedMessageException("A line cannot have a line break within.");
            }
        }
        writer.writeBytes(line);
        writer.writeByte(LINE_END);
    }

    /** Returns how long the first line is without its end, or {@link #NOT_YET}. */
    private static int lineBytes(BufferReader reader) {
        int arrived = Math.min(reader.length(), MAX_LINE_BYTES + 1);
        ByteBuffer bytes = reader.peek(arrived);
        for (int i = 0; i < arrived; i++) {
            if (bytes.get(i) == LINE_END) {
                return i;
            }
        }
        if (arrived > MAX_LINE_BYTES) {
            throw new MalformedMessageException("A line has more than " + MAX_LINE_BYTES + " bytes.");
        }
        return NOT_YET;
    }
}
