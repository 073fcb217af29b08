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
        ByteBuffer message = ByteBuffer.allocate(HEADER_BYTES + Long.BYTES);
        message.putInt(message.capacity()).putShort(MAGIC).put(VERSION).put(HOT_RESTART);
        connection.write(message.putLong(epoch).flip());
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

    /** Waits for the next client and reads its handshake. */
    SocketChannel accept() throws IOException {
        SocketChannel accepted = listening.accept();
        ByteBuffer head = ByteBuffer.allocate(HEADER_BYTES);
        readFully(accepted, head);
        readFully(accepted, ByteBuffer.allocate(head.getInt(0) - HEADER_BYTES));
        return accepted;
    }

    private static void readFully(SocketChannel channel, ByteBuffer target) throws IOException {
        while (target.hasRemaining() && channel.read(target) >= 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        if (Files.exists(directory)) {
            Duo.delete(directory);
        }
    }
}
