package io.shmipc.server;

import io.shmipc.channel.Connection;
import io.shmipc.channel.MessageHandler;
import io.shmipc.channel.MessageType;
import io.shmipc.sys.Descriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A client's half of the handshake that passes descriptors, whatever they are. */
final class MemfdHandshake implements MessageHandler {

    private final Connection connection;
    private MessageType last;

    private MemfdHandshake(Connection connection) {
        this.connection = connection;
    }

    /**
     * Returns whether the server acknowledges the memory, and does not hang up.
     *
     * @param passed the buffer and the queue, if it is done as it must be
     */
    static boolean perform(Connection connection, Descriptor... passed) throws IOException {
        MemfdHandshake handshake = new MemfdHandshake(connection);
        connection.version(3);
        connection.post(MessageType.EXCHANGE_PROTO_VERSION);
        if (!handshake.receives(MessageType.EXCHANGE_PROTO_VERSION)) {
            return false;
        }
        connection.send(MessageType.SHARE_MEMORY_BY_MEMFD, "queue", "buffer");
        if (!handshake.receives(MessageType.ACK_READY_RECV_FD)) {
            return false;
        }
        connection.sendDescriptors(passed);
        return handshake.receives(MessageType.ACK_SHARE_MEMORY);
    }

    private boolean receives(MessageType wanted) throws IOException {
        last = null;
        while (last == null) {
            if (!connection.awaitReadable(Duration.ofSeconds(10).toNanos())) {
                throw new AssertionError("the server says nothing");
            }
            if (connection.receive(this, () -> {}) == Connection.Received.END) {
                return false;
            }
        }
        return last == wanted;
    }

    @Override
    public void onMessage(MessageType type, int version, ByteBuffer payload) {
        last = type;
    }

    @Override
    public void onFallback(int streamId, int status, int bytes) {}

    @Override
    public void onFallbackPart(ByteBuffer part, boolean last) {}
}
