package io.shmipc.sys;

import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Two connected sockets for tests; nothing stays behind in any file system. */
record SocketPair(Descriptor client, Descriptor server) implements AutoCloseable {
    private static final long SECOND_NS = 1_000_000_000L;

    static SocketPair unix() throws IOException {
        String name = "@shmipc-test-" + UUID.randomUUID();
        try (Descriptor listener = Sockets.listenUnix(name, 1, 0600, null)) {
            return new SocketPair(Sockets.connectUnix(name, SECOND_NS), acceptWaiting(listener));
        }
    }

    static SocketPair tcp(String host) throws IOException {
        try (Descriptor listener = Sockets.listenTcp(host, 0, 1, false)) {
            Descriptor client = Sockets.connectTcp(host, Sockets.localPort(listener), SECOND_NS);
            return new SocketPair(client, acceptWaiting(listener));
        }
    }

    static Descriptor acceptWaiting(Descriptor listener) throws IOException {
        while (true) {
            Sockets.poll(listener, PollSet.IN, -1);
            @Nullable Descriptor accepted = Sockets.accept(listener);
            if (accepted != null) {
                return accepted;
            }
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
