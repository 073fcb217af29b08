package io.shmipc.channel;

import io.shmipc.ProtocolException;
import io.shmipc.Reason;
import io.shmipc.layout.MessageLayout;
import java.nio.ByteBuffer;

/** The messages of the connection, each with its number on the wire and the payload lengths it can have. */
public enum MessageType {
    /** Queue path and buffer path of memory in files; client, handshake. */
    SHARE_MEMORY_BY_FILE_PATH(0, 2 * MessageLayout.PATH_LENGTH_BYTES, MessageType.MAX_PATHS_BYTES),
    /** Wakes a peer that sleeps. */
    POLLING(1, 0, 0),
    /** Closes a stream when the queue could not carry the close. */
    STREAM_CLOSE(2, MessageLayout.STREAM_CLOSE_BYTES, MessageLayout.STREAM_CLOSE_BYTES),
    /** Data of a stream for which there was no shared memory. */
    FALLBACK_DATA(3, MessageLayout.FALLBACK_HEADER_BYTES, MessageType.MAX_FALLBACK_BYTES),
    /** Says which protocol version its sender speaks at most. */
    EXCHANGE_PROTO_VERSION(4, 0, 0),
    /** Queue name and buffer name of memfds that follow; client, handshake. */
    SHARE_MEMORY_BY_MEMFD(5, 2 * MessageLayout.PATH_LENGTH_BYTES, MessageType.MAX_PATHS_BYTES),
    /** The server has mapped the memory. */
    ACK_SHARE_MEMORY(6, 0, 0),
    /** The server is ready to receive descriptors. */
    ACK_READY_RECV_FD(7, 0, 0),
    /** The server asks its clients to connect to its successor. */
    HOT_RESTART(8, MessageLayout.EPOCH_BYTES, MessageLayout.EPOCH_BYTES),
    /** The client has done so. */
    HOT_RESTART_ACK(9, MessageLayout.EPOCH_BYTES, MessageLayout.EPOCH_BYTES);

    /** Most payload bytes of a message with two paths: twice the operating system's longest path. */
    private static final int MAX_PATHS_BYTES = 2 * (MessageLayout.PATH_LENGTH_BYTES + 4096);

    /** Most payload bytes of fallback data; they are stored as they arrive, not when they are announced. */
    private static final int MAX_FALLBACK_BYTES = 256 << 20;

    private static final MessageType[] BY_NUMBER = values();

    private final int number;
    private final int minPayloadBytes;
    private final int maxPayloadBytes;

    MessageType(int number, int minPayloadBytes, int maxPayloadBytes) {
        this.number = number;
        this.minPayloadBytes = minPayloadBytes;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    /** Returns the type number on the wire. */
    public byte number() {
        return (byte) number;
    }

    /** Returns how many payload bytes the shortest message of this type has; the types with paths or data have longer ones. */
    int minPayloadBytes() {
        return minPayloadBytes;
    }

    /** Writes the header of a message of this type. */
    void putHeader(ByteBuffer target, int version, int payloadBytes) {
        target.putInt(MessageLayout.HEADER_BYTES + payloadBytes)
                .putShort(MessageLayout.MAGIC_NUMBER)
                .put((byte) version)
                .put(number());
    }

    /**
     * Returns the type with the given number, if a message of the given length can have it.
     *
     * @throws ProtocolException if there is no such type, or its payload never has that length
     */
    static MessageType of(int number, long payloadBytes) {
        if (number < 0 || number >= BY_NUMBER.length) {
            throw new ProtocolException(
                    Reason.INVALID_MESSAGE_TYPE,
                    "The peer sent a message of type " + number + "; types go up to " + (BY_NUMBER.length - 1) + ".");
        }
        MessageType type = BY_NUMBER[number];
        if (payloadBytes < type.minPayloadBytes || payloadBytes > type.maxPayloadBytes) {
            throw new ProtocolException(
                    Reason.PROTOCOL_VIOLATION,
                    "The peer sent " + type + " with " + payloadBytes + " payload bytes; it has " + type.minPayloadBytes
                            + " to " + type.maxPayloadBytes + ".");
        }
        return type;
    }
}
