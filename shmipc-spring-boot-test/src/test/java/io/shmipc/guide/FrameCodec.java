package io.shmipc.guide;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.spring.message.MalformedMessageException;
import io.shmipc.spring.message.MessageType;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.util.Map;

/** A length of four bytes, then the payload: no routes, no headers, replies in the order of the requests. */
class FrameCodec implements StreamCodec {

    private static final int MAX_BYTES = 1 << 20;

    private final MessageType read;

    /** @param read what arrives: requests at a listener, replies at a client */
    FrameCodec(MessageType read) {
        this.read = read;
    }

    @Override
    public boolean isComplete(BufferReader reader) {
        int arrived = reader.length() - Integer.BYTES;
        return arrived >= 0 && arrived >= checked(reader.peek(Integer.BYTES).getInt());
    }

    @Override
    public WireMessage decode(BufferReader reader) {
        return new WireMessage(read, 0, Map.of(), reader.readBytes(checked(reader.readInt())));
    }

    @Override
    public void encode(WireMessage message, BufferWriter writer) {
        writer.writeInt(checked(message.payload().remaining()));
        writer.writeBytes(message.payload());
    }

    private static int checked(int length) {
        if (length < 0 || length > MAX_BYTES) {
            throw new MalformedMessageException("A frame has " + length + " bytes: it may have " + MAX_BYTES + ".");
        }
        return length;
    }
}
