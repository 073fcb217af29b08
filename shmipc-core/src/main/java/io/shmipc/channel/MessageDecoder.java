package io.shmipc.channel;

import io.shmipc.ProtocolException;
import io.shmipc.Reason;
import io.shmipc.layout.MessageLayout;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the bytes of a connection into messages.
 *
 * <p>A length is believed only within what its type allows, and only short messages are gathered here; fallback data is
 * passed on in the parts in which it arrives, so a peer that claims gigabytes makes nobody allocate them.
 *
 * <p><b>Threads:</b> one at a time.
 */
public final class MessageDecoder {

    private static final Logger PROTOCOL = LoggerFactory.getLogger("io.shmipc.protocol");

    private static final int MAX_TRACED_BYTES = 64;

    /** That of a wake-up, of which busy sessions get thousands a second. */
    private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private ByteBuffer gathered = ByteBuffer.allocate(64);
    private int wanted = MessageLayout.HEADER_BYTES;
    private int fallbackLeft;

    /** Takes all bytes that remain in {@code input}; passes on each message that they complete. */
    public void feed(ByteBuffer input, MessageHandler handler) {
        while (input.hasRemaining()) {
            if (fallbackLeft > 0) {
                passFallback(input, handler);
            } else {
                gather(input, handler);
            }
        }
    }

    /** Returns how many bytes the next message needs at least. */
    int missing() {
        if (fallbackLeft > 0) {
            return fallbackLeft;
        }
        return wanted - gathered.position();
    }

    private void passFallback(ByteBuffer input, MessageHandler handler) {
        int bytes = Math.min(fallbackLeft, input.remaining());
        ByteBuffer part = input.slice(input.position(), bytes);
        input.position(input.position() + bytes);
        fallbackLeft -= bytes;
        handler.onFallbackPart(part, fallbackLeft == 0);
    }

    private void gather(ByteBuffer input, MessageHandler handler) {
        if (!fill(input, MessageLayout.HEADER_BYTES)) {
            return;
        }
        long payloadBytes = Integer.toUnsignedLong(gathered.getInt(MessageLayout.LENGTH)) - MessageLayout.HEADER_BYTES;
        MessageType type = checkedType(payloadBytes);
        int fields = type == MessageType.FALLBACK_DATA ? MessageLayout.FALLBACK_HEADER_BYTES : (int) payloadBytes;
        wanted = MessageLayout.HEADER_BYTES + fields;
        if (!fill(input, wanted)) {
            return;
        }
        wanted = MessageLayout.HEADER_BYTES;
        int version = Byte.toUnsignedInt(gathered.get(MessageLayout.VERSION));
        ByteBuffer payload = fields == 0 ? NO_PAYLOAD : gathered.slice(MessageLayout.PAYLOAD, fields);
        trace("received", type, version, payloadBytes, gathered, 0);
        gathered.clear();
        if (type == MessageType.FALLBACK_DATA) {
            fallbackLeft = (int) payloadBytes - fields;
            handler.onFallback(payload.getInt(0), payload.getInt(Integer.BYTES), fallbackLeft);
        } else {
            handler.onMessage(type, version, payload);
        }
    }

    private MessageType checkedType(long payloadBytes) {
        if (gathered.getShort(MessageLayout.MAGIC) != MessageLayout.MAGIC_NUMBER) {
            throw new ProtocolException(
                    Reason.PROTOCOL_VIOLATION,
                    "The peer sent " + HexFormat.of().formatHex(gathered.array(), 0, MessageLayout.HEADER_BYTES)
                            + " where a message header with magic 7758 must be.");
        }
        if (gathered.get(MessageLayout.VERSION) == 0) {
            throw new ProtocolException(Reason.INVALID_VERSION, "The peer sent a message of protocol version 0.");
        }
        return MessageType.of(Byte.toUnsignedInt(gathered.get(MessageLayout.TYPE)), payloadBytes);
    }

    /** Gathers up to the given number of bytes; returns whether they are there. */
    private boolean fill(ByteBuffer input, int bytes) {
        if (gathered.capacity() < bytes) {
            gathered = ByteBuffer.allocate(bytes).put(gathered.flip());
        }
        int missing = Math.min(bytes - gathered.position(), input.remaining());
        if (missing > 0) {
            gathered.put(gathered.position(), input, input.position(), missing);
            gathered.position(gathered.position() + missing);
            input.position(input.position() + missing);
        }
        return gathered.position() >= bytes;
    }

    /** Logs a message that begins at a position of {@code bytes} and goes on, or ends, before the buffer's position. */
    static void trace(String verb, MessageType type, int version, long payloadBytes, ByteBuffer bytes, int begin) {
        if (PROTOCOL.isTraceEnabled()) {
            byte[] shown = new byte[Math.min(bytes.position() - begin, MAX_TRACED_BYTES)];
            bytes.get(begin, shown);
            PROTOCOL.trace(
                    "{} {} version {}, payload {} bytes: {}",
                    verb,
                    type,
                    version,
                    payloadBytes,
                    HexFormat.of().formatHex(shown));
        }
    }
}
