package io.shmipc.channel;

import io.shmipc.ShmipcAddress;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.NativeBuffer;
import io.shmipc.sys.PollSet;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** A connection, and the bare socket of its peer. */
record Wire(Connection near, Descriptor far) implements AutoCloseable {

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Ends a wait that nothing in Java can interrupt. */
    static final long PATIENCE_NANOS = 10 * SECOND_NANOS;

    private static final ShmipcAddress ADDRESS = ShmipcAddress.unix(Path.of("/tests"));

    static Wire open() throws IOException {
        return open(Duration.ofSeconds(10));
    }

    static Wire open(Duration writeTimeout) throws IOException {
        String name = "@shmipc-wire-" + UUID.randomUUID();
        try (Descriptor listener = Sockets.listenUnix(name, 1, 0600, null)) {
            Descriptor near = Sockets.connectUnix(name, SECOND_NANOS);
            Descriptor far = Sockets.accept(listener);
            while (far == null) {
                await(listener, PollSet.IN);
                far = Sockets.accept(listener);
            }
            return new Wire(connection(near, writeTimeout), far);
        }
    }

    static Connection connection(Descriptor socket, Duration writeTimeout) {
        Connection connection = new Connection(socket, ADDRESS, ADDRESS, writeTimeout);
        connection.version(2);
        return connection;
    }

    /** Returns the next bytes that the peer receives, as many as asked for or until the end. */
    byte[] receive(int bytes) throws IOException {
        NativeBuffer buffer = NativeBuffer.allocate(Math.max(1, bytes));
        int got = 0;
        while (got < bytes) {
            await(far, PollSet.IN);
            int n = Sockets.receive(far, buffer, got, bytes - got);
            if (n == 0) {
                break;
            }
            got += Math.max(n, 0);
        }
        byte[] received = new byte[got];
        buffer.bytes().get(0, received);
        return received;
    }

    /** Sends bytes as the peer. */
    void send(byte[] bytes) throws IOException {
        NativeBuffer buffer = NativeBuffer.allocate(Math.max(1, bytes.length));
        buffer.bytes().put(0, bytes);
        int sent = 0;
        while (sent < bytes.length) {
            await(far, PollSet.OUT);
            sent += Math.max(Sockets.send(far, buffer, sent, bytes.length - sent), 0);
        }
    }

    /** Fills the socket until it takes not one byte more; returns how many it took. */
    int fill() throws IOException {
        NativeBuffer zeros = NativeBuffer.allocate(64 << 10);
        int filled = 0;
        for (int bytes = 64 << 10; bytes > 0; ) {
            int sent = Sockets.send(near.socket(), zeros, 0, bytes);
            if (sent == Sockets.WOULD_BLOCK) {
                bytes /= 2;
            } else {
                filled += sent;
            }
        }
        return filled;
    }

    private static void await(Descriptor socket, int events) throws IOException {
        if (Sockets.poll(socket, events, PATIENCE_NANOS) == 0) {
            throw new IOException("a test waits in vain for its socket");
        }
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
