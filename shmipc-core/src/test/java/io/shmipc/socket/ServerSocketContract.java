package io.shmipc.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** What software expects of a server socket. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class ServerSocketContract {

    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    @TempDir
    Path directory;

    private SocketWorld world;

    abstract MemoryType memoryType();

    @BeforeEach
    void open() {
        world = new SocketWorld(directory, memoryType(), 4 << 20);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private static Socket connect(SessionManager manager) throws Exception {
        Socket socket = ShmipcSockets.connect(manager);
        socket.getOutputStream().write(HELLO);
        return socket;
    }

    @Test
    void aConnectionIsAcceptedOnceItsClientHasWritten() throws Exception {
        ServerSocket server = world.listen();
        SessionManager manager = world.connect(1);
        try (Socket silent = ShmipcSockets.connect(manager);
                Socket talking = connect(manager);
                Socket accepted = server.accept()) {
            talking.getOutputStream().write(1);
            assertThat(accepted.getInputStream().readNBytes(6)).endsWith(1);

            server.setSoTimeout(50);
            assertThat(silent.isConnected()).isTrue();
            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
            silent.getOutputStream().write(2);
            server.setSoTimeout(0);
            try (Socket second = server.accept()) {
                assertThat(second.getInputStream().read()).isEqualTo(2);
            }
        }
    }

    @Test
    void manySocketsTalkAtOnceWhileSeveralThreadsAccept() throws Exception {
        ServerSocket server = world.listen();
        for (int i = 0; i < 4; i++) {
            Future<Void> unused = world.echo(server);
        }
        SessionManager manager = world.connect(2);
        List<Future<Boolean>> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] message = ("message " + i).getBytes(UTF_8);
            clients.add(world.start(() -> {
                try (Socket socket = ShmipcSockets.connect(manager)) {
                    for (int turn = 0; turn < 20; turn++) {
                        socket.getOutputStream().write(message);
                        assertThat(socket.getInputStream().readNBytes(message.length))
                                .isEqualTo(message);
                    }
                    socket.shutdownOutput();
                    return socket.getInputStream().read() == -1;
                }
            }));
        }
        for (Future<Boolean> client : clients) {
            assertThat(client.get(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(manager.sessions())
                .allSatisfy(session -> assertThat(session.activeStreamCount()).isZero());
        server.close();
    }

    @Test
    void aClosedConnectionGivesItsMemoryBack() throws Exception {
        ServerSocket server = world.listen();
        SessionManager manager = world.connect(1);
        for (int i = 0; i < 1_000; i++) {
            try (Socket client = connect(manager);
                    Socket accepted = server.accept()) {
                accepted.getOutputStream().write(HELLO);
                if (i % 2 == 0) {
                    assertThat(client.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
                }
            }
        }
        await().until(() -> SocketWorld.bytesInUse(manager) == 0);
    }

    @Test
    void acceptTimesOut() throws Exception {
        ServerSocket server = world.listen();
        server.setSoTimeout(50);
        assertThat(server.getSoTimeout()).isEqualTo(50);
        assertThatThrownBy(server::accept)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageStartingWith("Accept timed out");
        try (Socket client = connect(world.connect(1));
                Socket accepted = server.accept()) {
            assertThat(accepted.getSoTimeout()).isZero();
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void closingWakesTheThreadsThatAccept() throws Exception {
        ServerSocket server = world.listen();
        List<Future<Socket>> accepting = List.of(world.start(server::accept), world.start(server::accept));
        await().during(Duration.ofMillis(100)).until(() -> accepting.stream().noneMatch(Future::isDone));
        server.close();
        for (Future<Socket> accept : accepting) {
            assertThatThrownBy(() -> accept.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(SocketException.class)
                    .hasRootCauseMessage("Socket closed");
        }
        assertThatThrownBy(server::accept).hasMessage("Socket is closed");
    }

    @Test
    void closingLeavesAcceptedSocketsAloneAndTheLastOneFreesTheAddress() throws Exception {
        ServerSocket server = world.listen();
        SessionManager manager = world.connect(1);
        try (Socket client = connect(manager);
                Socket accepted = server.accept();
                Socket waiting = connect(manager)) {
            server.close();
            assertThat(waiting.getInputStream().read()).isEqualTo(-1);

            assertThat(accepted.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
            accepted.getOutputStream().write(HELLO);
            assertThat(client.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
            try (Socket late = connect(manager)) {
                assertThat(late.getInputStream().read()).isEqualTo(-1);
            }
            assertThatThrownBy(world::listen).isInstanceOf(BindException.class);
        }
        world.listen().close();
    }

    @Test
    void aFullBacklogClosesFurtherConnections() throws Exception {
        ServerSocket server = world.serverSocket();
        server.bind(null, 2);
        SessionManager manager = world.connect(1);
        try (Socket first = connect(manager);
                Socket second = connect(manager);
                Socket third = connect(manager)) {
            // Which of the three comes too late is not said: streams are announced in parallel.
            List<Socket> clients = List.of(first, second, third);
            await().until(() -> manager.sessions().get(0).activeStreamCount() == 3
                    && clients.stream().filter(ServerSocketContract::isEnded).count() == 1);
            try (Socket a = server.accept();
                    Socket b = server.accept()) {
                assertThat(a.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
                assertThat(b.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
            }
        }
    }

    private static boolean isEnded(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() == -1;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itListensWhereItIsConfiguredToWhateverItIsTold() throws Exception {
        var factory = new ShmipcServerSocketFactory(world.listenerConfig());
        try (ServerSocket server = factory.createServerSocket(8080)) {
            assertThat(server.isBound()).isTrue();
            assertThat(server.getLocalPort()).isEqualTo(8080);
            assertThat(server.getInetAddress().isLoopbackAddress()).isTrue();
            assertThat(server.getLocalSocketAddress())
                    .isEqualTo(new ShmipcSocketAddress(world.address()))
                    .hasToString(world.address().toString());
            assertThat(server).hasToString("ShmipcServerSocket[" + world.address() + "]");
            assertThatThrownBy(() -> factory.createServerSocket(8081)).isInstanceOf(BindException.class);
            try (Socket client = connect(world.connect(1));
                    Socket accepted = server.accept()) {
                assertThat(accepted.getLocalPort()).isEqualTo(8080);
                assertThat(client.getInetAddress()).isNotNull();
            }
        }
        try (ServerSocket server = factory.createServerSocket()) {
            assertThat(server.isBound()).isFalse();
            assertThat(server.getLocalPort()).isEqualTo(-1);
            assertThat(server.getLocalSocketAddress()).isNull();
            assertThatThrownBy(server::accept).hasMessage("Socket is not bound yet");
        }
    }

    @Test
    void optionsAreKeptAndGivenBack() throws Exception {
        ServerSocket server = world.serverSocket();
        server.setReuseAddress(true);
        server.setReceiveBufferSize(1234);
        assertThat(server.getReuseAddress()).isTrue();
        assertThat(server.getReceiveBufferSize()).isEqualTo(1234);
        server.bind(new InetSocketAddress("localhost", 0));

        try (Socket socket = new ShmipcSocketFactory(world.connect(1)).createSocket()) {
            assertThat(socket.getTcpNoDelay()).isTrue();
            assertThat(socket.getSoLinger()).isEqualTo(-1);
            socket.setTcpNoDelay(false);
            socket.setSoLinger(true, 5);
            socket.setKeepAlive(true);
            socket.setTrafficClass(16);
            socket.setSendBufferSize(1 << 20);
            socket.setOOBInline(true);
            socket.setPerformancePreferences(1, 2, 3);
            assertThat(socket.getTcpNoDelay()).isFalse();
            assertThat(socket.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(5);
            assertThat(socket.getKeepAlive()).isTrue();
            assertThat(socket.getTrafficClass()).isEqualTo(16);
            assertThat(socket.getSendBufferSize()).isEqualTo(1 << 20);
            assertThat(socket.getOOBInline()).isTrue();
            socket.setSoLinger(false, 0);
            assertThat(socket.getSoLinger()).isEqualTo(-1);
            assertThat(socket.supportedOptions()).contains(StandardSocketOptions.TCP_NODELAY);
            assertThatThrownBy(() -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL))
                    .isInstanceOf(UnsupportedOperationException.class);
            socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 3);
            assertThat(socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL)).isEqualTo(3);
            assertThatThrownBy(() -> socket.sendUrgentData(1)).isInstanceOf(SocketException.class);
        }
        server.close();
    }

    @Test
    void connectingWithoutAServerIsRefused() throws Exception {
        try (SessionManager manager = SessionManager.open(SessionManagerConfig.builder(world.address())
                .connectLazily(true)
                .build())) {
            assertThatThrownBy(() -> ShmipcSockets.connect(manager))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("server.sock");
        }
    }
}
