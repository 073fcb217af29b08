package io.shmipc.session;

import io.shmipc.ConnectException;
import io.shmipc.MemoryType;
import io.shmipc.ProtocolException;
import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.channel.Connection;
import io.shmipc.channel.MessageHandler;
import io.shmipc.channel.MessageType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells a server what memory to map, and waits until it has.
 *
 * <pre>
 * files, version 2     client ── ShareMemoryByFilePath ──► server             no reply
 *
 * memfds, version 3    client ── ExchangeProtoVersion ───► server
 *                      client ◄─ ExchangeProtoVersion ──── server             the lower version counts
 *                      client ── ShareMemoryByMemfd ─────► server
 *                      client ◄─ AckReadyRecvFD ────────── server
 *                      client ── two descriptors ────────► server             buffer, queue
 *                      client ◄─ AckShareMemory ────────── server
 * </pre>
 *
 * <p><b>Threads:</b> one; it blocks up to the initialise time-out.
 */
public final class ClientHandshake implements MessageHandler {

    static final int FILE_VERSION = 2;
    static final int MEMFD_VERSION = 3;

    private final Connection connection;
    private final long deadlineNanos;
    private final Duration timeout;
    private @Nullable MessageType received;
    private int receivedVersion;

    private ClientHandshake(Connection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    }

    /**
     * Performs the handshake.
     *
     * @throws ConnectException with {@link Reason#HANDSHAKE_FAILED} if the server does not answer as it must in time
     */
    public static void perform(Connection connection, MemoryType type, SessionMemory memory, Duration timeout) {
        ClientHandshake handshake = new ClientHandshake(connection, timeout);
        try {
            if (type == MemoryType.FILE) {
                handshake.shareFiles(memory);
            } else {
                handshake.shareMemfds(memory);
            }
        } catch (ConnectException e) {
            throw e;
        } catch (IOException | ShmipcException e) {
            throw new ConnectException(
                    Reason.HANDSHAKE_FAILED,
                    "The handshake with " + connection.remoteAddress()
                            + " broke off; does a shmipc server listen there? " + e.getMessage(),
                    e);
        }
    }

    private void shareFiles(SessionMemory memory) {
        connection.version(FILE_VERSION);
        connection.send(
                MessageType.SHARE_MEMORY_BY_FILE_PATH,
                memory.queueMemory().name(),
                memory.shared().memory().name());
    }

    private void shareMemfds(SessionMemory memory) throws IOException {
        connection.version(MEMFD_VERSION);
        connection.post(MessageType.EXCHANGE_PROTO_VERSION);
        await(MessageType.EXCHANGE_PROTO_VERSION);
        if (receivedVersion < MEMFD_VERSION) {
            throw new ConnectException(
                    Reason.HANDSHAKE_FAILED,
                    "The server at " + connection.remoteAddress() + " speaks protocol version " + receivedVersion
                            + ", which cannot pass memfds. Set the memory type to FILE.");
        }
        connection.send(
                MessageType.SHARE_MEMORY_BY_MEMFD,
                memory.queueMemory().name(),
                memory.shared().memory().name());
        await(MessageType.ACK_READY_RECV_FD);
        connection.sendDescriptors(
                memory.shared().memory().descriptor(), memory.queueMemory().descriptor());
        await(MessageType.ACK_SHARE_MEMORY);
    }

    private void await(MessageType wanted) throws IOException {
        received = null;
        while (received == null) {
            long left = deadlineNanos - System.nanoTime();
            if (left <= 0 || !connection.awaitReadable(left)) {
                throw new ConnectException(
                        Reason.HANDSHAKE_FAILED,
                        "The server at " + connection.remoteAddress() + " did not send " + wanted + " within " + timeout
                                + ". Raise initializeTimeout if it is only slow.");
            }
            if (connection.receiveOne(this) == Connection.Received.END) {
                throw new IOException("it closed the connection instead of sending " + wanted + ".");
            }
        }
        if (received != wanted) {
            throw new ProtocolException(
                    Reason.INVALID_MESSAGE_TYPE, "The server sent " + received + " instead of " + wanted + ".");
        }
    }

    @Override
    public void onMessage(MessageType type, int version, ByteBuffer payload) {
        received = type;
        receivedVersion = version;
    }

    @Override
    public void onFallback(int streamId, int status, int bytes) {
        received = MessageType.FALLBACK_DATA;
    }

    @Override
    public void onFallbackPart(ByteBuffer part, boolean last) {}
}
