package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.session.Duo;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server made by hand that maps nothing: with memory in files a client expects no answer to its handshake. */
final class RawServer implements AutoCloseable {

    private static final int HEADER_BYTES = 8;
    private static final short MAGIC = 0x7758;
    private static final byte VERSION = 2;
    private static final byte HOT_RESTART = 8;
    private static final byte HOT_RESTART_ACK = 9;

    private final Path directory;
    private final Path socket;
    private final ServerSocketChannel listening;

    RawServer() throws IOException {
        this(Duo.temporaryDirectory());
    }

    private RawServer(Path directory) throws IOException {
        this.directory = directory;
        socket = directory.resolve("socket");
        listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(socket));
    }

    /** Gives up the address: nobody can connect until there is a {@link #successor}. */
    void leaveAddress() throws IOException {
        Files.delete(socket);
    }

    /** Returns a server that has taken over the address; this one is closed after it. */
    RawServer successor() throws IOException {
        return new RawServer(directory);
    }

    /** Asks the client at a connection to move to the successor. */
    static void askToMove(SocketChannel connection, long epoch) throws IOException {
        send(
                connection,
                VERSION,
                HOT_RESTART,
                ByteBuffer.allocate(Long.BYTES).putLong(epoch).array());
    }

    /** Waits for a client's acknowledgement and returns its epoch. */
    static long acknowledgedEpoch(SocketChannel connection) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(HEADER_BYTES + Long.BYTES);
        readFully(connection, message);
        assertThat(message.get(HEADER_BYTES - 1)).isEqualTo(HOT_RESTART_ACK);
        return message.getLong(HEADER_BYTES);
    }

    /** Returns what connects a session manager to this server. */
    SessionManagerConfig.Builder client() {
        return SessionManagerConfig.builder(ShmipcAddress.unix(socket))
                .config(ShmipcConfig.builder()
                        .memoryType(MemoryType.FILE)
                        .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                        .build());
    }

    /** Waits for the next client and reads its first message, which is all of its handshake if its memory is in files. */
    SocketChannel accept() throws IOException {
        SocketChannel accepted = listening.accept();
        skipMessage(accepted);
        return accepted;
    }

    /** Waits for a client's next message, whatever it is. */
    static void skipMessage(SocketChannel connection) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEADER_BYTES);
        readFully(connection, head);
        readFully(connection, ByteBuffer.allocate(Math.max(0, head.getInt(0) - HEADER_BYTES)));
    }

    /** Sends a message. */
    static void send(SocketChannel connection, int version, int type, byte... payload) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(HEADER_BYTES + payload.length);
        message.putInt(message.capacity()).putShort(MAGIC).put((byte) version).put((byte) type);
        connection.write(message.put(payload).flip());
    }

    /** Says that nothing more comes, and waits until the client has hung up. */
    static void awaitEnd(SocketChannel connection) {
        ByteBuffer sink = ByteBuffer.allocate(1024);
        try {
            connection.shutdownOutput();
            while (connection.read(sink) >= 0) {
                sink.clear();
            }
        } catch (IOException e) {
            // Reset by the client: that is an end, too.
        }
    }

    private static void readFully(SocketChannel channel, ByteBuffer target) throws IOException {
        while (target.hasRemaining() && channel.read(target) >= 0) {
            Thread.onSpinWait();
        }
    }

    /** Hangs up on the clients that nobody has accepted. */
    void stopListening() throws IOException {
        listening.close();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        if (Files.exists(directory)) {
            Duo.delete(directory);
        }
    }
}
