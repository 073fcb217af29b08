package io.shmipc.channel;

import io.shmipc.layout.MessageLayout;
import java.nio.ByteBuffer;

/**
 * Short messages that wait until the socket has room for them, one behind the other as they will be sent.
 *
 * <p><b>Threads:</b> any, by its lock.
 */
final class Outbox {

    /** More than this waits only for a peer that takes nothing while it has this side send ever more. */
    static final int LIMIT_BYTES = 1 << 20;

    private static final int INITIAL_BYTES = 64;

    private ByteBuffer waiting = ByteBuffer.allocate(INITIAL_BYTES);

    /**
     * Adds a message of the shortest form of its type.
     *
     * @param payload the payload as one number, of which the message carries the low bytes
     * @return false if too much waits already
     */
    synchronized boolean add(MessageType type, int version, long payload) {
        int payloadBytes = type.minPayloadBytes();
        if (waiting.remaining() < MessageLayout.HEADER_BYTES + payloadBytes) {
            if (waiting.capacity() == LIMIT_BYTES) {
                return false;
            }
            waiting = ByteBuffer.allocate(2 * waiting.capacity()).put(waiting.flip());
        }
        int begin = waiting.position();
        type.putHeader(waiting, version, payloadBytes);
        switch (payloadBytes) {
            case Integer.BYTES -> waiting.putInt((int) payload);
            case Long.BYTES -> waiting.putLong(payload);
            default -> {}
        }
        MessageDecoder.trace("sent", type, version, payloadBytes, waiting, begin);
        return true;
    }

    synchronized boolean isEmpty() {
        return waiting.position() == 0;
    }

    /** Moves to the target as much as it takes, which may end within a message. */
    synchronized void moveTo(ByteBuffer target) {
        waiting.flip();
        int bytes = Math.min(waiting.remaining(), target.remaining());
        target.put(waiting.slice(0, bytes));
        waiting.position(bytes);
        waiting.compact();
    }
}
