package io.shmipc.reliability;

import io.shmipc.ShmipcAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that connect and say nothing, or half a message and nothing more. One whom the server has hung up on comes
 * again at once, so that there are always as many.
 *
 * <p><b>Threads:</b> its own follows the connections.
 */
final class SilentClients implements AutoCloseable {

    private static final byte[] HALF_A_MESSAGE = {0, 0, 0, 8};

    private final UnixDomainSocketAddress address;
    private final Selector selector;
    private final Thread follower;
    private final AtomicLong connections = new AtomicLong();
    private volatile boolean closed;
    private volatile IOException failure;

    SilentClients(ShmipcAddress address, long clients) throws IOException {
        this.address = UnixDomainSocketAddress.of(address.target());
        this.selector = Selector.open();
        for (long i = 0; i < clients; i++) {
            connect();
        }
        follower = new Thread(this::follow, "silent-clients");
        follower.start();
    }

    private void connect() throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        if (connections.incrementAndGet() % 2 == 0) {
            channel.write(ByteBuffer.wrap(HALF_A_MESSAGE));
        }
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    private void follow() {
        try {
            while (!closed) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    key.channel().close();
                    connect();
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Returns how many connections there have been. */
    long connections() {
        if (failure != null) {
            throw new UncheckedIOException(failure);
        }
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            follower.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
