package io.shmipc.client;

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
import java.nio.file.Path;

/** A server made by hand that maps nothing: with memory in files a client expects no answer to its handshake. */
final class RawServer implements AutoCloseable {

    private final Path directory = Duo.temporaryDirectory();
    private final Path socket = directory.resolve("socket");
    private final ServerSocketChannel listening;

    RawServer() throws IOException {
        listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(socket));
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
        ByteBuffer head = ByteBuffer.allocate(8);
        readFully(accepted, head);
        readFully(accepted, ByteBuffer.allocate(head.getInt(0) - 8));
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
        Duo.delete(directory);
    }
}
