package io.shmipc.sample.lab.measure;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Through a unix socket or TCP, to the {@link SocketEcho}. */
final class SocketPingPong implements PingPong {

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Integer.BYTES + Plan.MAX_BYTES);
    private final ByteBuffer header = ByteBuffer.allocateDirect(Integer.BYTES);

    SocketPingPong(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
        if (address instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    @Override
    public long roundTrip(ByteBuffer message) throws IOException {
        ByteBuffer rest = message.duplicate();
        header.clear().putInt(rest.remaining()).flip();
        ByteBuffer[] parts = {header, rest};
        while (rest.hasRemaining()) {
            channel.write(parts);
        }
        buffer.clear();
        readUpTo(Integer.BYTES);
        int length = buffer.getInt(0);
        if (length != message.remaining()) {
            throw new IOException(length + " bytes came back instead of " + message.remaining());
        }
        readUpTo(Integer.BYTES + length);
        return Checksum.of(buffer.flip().position(Integer.BYTES));
    }

    private void readUpTo(int bytes) throws IOException {
        while (buffer.position() < bytes) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("The server closed the connection");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
