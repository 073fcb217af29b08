package io.shmipc.sample.lab.measure;

import io.shmipc.spring.annotation.ShmipcListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * What shared memory is compared with, in the server's process: the echo of the raw handler over ordinary sockets, with
 * one thread for each connection, the quickest way to answer one.
 */
@Component
@Profile("lab-server")
class SocketEcho implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(SocketEcho.class);

    private final Path socket;
    private final ServerSocketChannel unix;
    private final ServerSocketChannel tcp;

    SocketEcho(@Value("${sample.directory}") Path directory) throws IOException {
        // A predecessor goes on with the one that it has.
        socket = directory.resolve("plain-" + ProcessHandle.current().pid() + ".sock");
        unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listen(unix, UnixDomainSocketAddress.of(socket));
        tcp = ServerSocketChannel.open();
        listen(tcp, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static void listen(ServerSocketChannel server, SocketAddress address) throws IOException {
        server.bind(address);
        start("accept " + address, () -> {
            while (true) {
                SocketChannel connection = server.accept();
                start("echo " + address, () -> echo(connection));
            }
        });
    }

    private static void echo(SocketChannel connection) throws IOException {
        try (connection) {
            if (connection.getLocalAddress() instanceof InetSocketAddress) {
                connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            ByteBuffer buffer = ByteBuffer.allocateDirect(Integer.BYTES + Plan.MAX_BYTES);
            while (connection.read(buffer) >= 0) {
                if (buffer.position() >= Integer.BYTES && buffer.position() >= Integer.BYTES + buffer.getInt(0)) {
                    buffer.flip();
                    while (buffer.hasRemaining()) {
                        connection.write(buffer);
                    }
                    buffer.clear();
                }
            }
        }
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        LOG.debug("{} ended", name, e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @ShmipcListener(route = "lab.unix-socket")
    String unixSocket() {
        return socket.toString();
    }

    @ShmipcListener(route = "lab.tcp-port")
    int tcpPort() throws IOException {
        return ((InetSocketAddress) tcp.getLocalAddress()).getPort();
    }

    @Override
    public void destroy() throws IOException {
        unix.close();
        Files.deleteIfExists(socket);
        tcp.close();
    }

    /** What a thread does until its channel is closed. */
    private interface Work {

        void run() throws IOException;
    }
}
