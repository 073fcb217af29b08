package io.shmipc.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** What software expects of two connected sockets. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class SocketContract {

    private static final byte[] HELLO = "hello".getBytes(UTF_8);
    private static final Duration A_WHILE = Duration.ofMillis(100);

    @TempDir
    Path directory;

    private SocketWorld world;
    private ServerSocket listening;
    private Socket client;
    private Socket server;

    abstract MemoryType memoryType();

    @BeforeEach
    void connect() throws Exception {
        world = new SocketWorld(directory, memoryType(), 1 << 20);
        listening = world.listen();
        client = new ShmipcSocketFactory(world.connect(1)).createSocket("anything", 80);
        client.getOutputStream().write(HELLO);
        server = listening.accept();
        assertThat(server.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close();
        server.close();
        world.close();
    }

    @Test
    void bytesTravelInBothDirections() throws Exception {
        server.getOutputStream().write("to the client".getBytes(UTF_8));
        client.getOutputStream().write("to the server".getBytes(UTF_8));
        assertThat(client.getInputStream().readNBytes(13)).asString(UTF_8).isEqualTo("to the client");
        assertThat(server.getInputStream().readNBytes(13)).asString(UTF_8).isEqualTo("to the server");
    }

    @Test
    void aSingleByteIsSentWithoutBeingFlushed() throws Exception {
        for (int value : new int[] {0, 1, 127, 128, 255}) {
            client.getOutputStream().write(value);
            assertThat(server.getInputStream().read()).isEqualTo(value);
        }
    }

    @Test
    void aReadGivesWhatIsThereAndLeavesTheRestOfTheArray() throws Exception {
        byte[] target = new byte[100];
        client.getOutputStream().write(HELLO, 1, 3);
        assertThat(server.getInputStream().read(target, 10, 50)).isEqualTo(3);
        assertThat(target).startsWith(new byte[10]);
        assertThat(new String(target, 10, 3, UTF_8)).isEqualTo("ell");
        assertThat(target[13]).isZero();
        assertThat(server.getInputStream().read(target, 0, 0)).isZero();
        assertThatThrownBy(() -> server.getInputStream().read(target, 90, 20))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void availableTellsWhatAReadWouldGive() throws Exception {
        assertThat(server.getInputStream().available()).isZero();
        client.getOutputStream().write(HELLO);
        await().until(() -> server.getInputStream().available() == HELLO.length);
        assertThat(server.getInputStream().read()).isEqualTo('h');
        assertThat(server.getInputStream().available()).isEqualTo(HELLO.length - 1);
    }

    @Test
    void aConversationOfNumbersKeepsItsOrder() throws Exception {
        Future<Void> answers = world.start(() -> {
            DataInputStream in = new DataInputStream(server.getInputStream());
            DataOutputStream out = new DataOutputStream(server.getOutputStream());
            for (int i = 0; i < 10_000; i++) {
                out.writeInt(-in.readInt());
            }
            return null;
        });
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        for (int i = 0; i < 10_000; i++) {
            out.writeInt(i);
            assertThat(in.readInt()).isEqualTo(-i);
        }
        answers.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aHalfClosedSocketStillReads() throws Exception {
        client.getOutputStream().write(HELLO);
        client.shutdownOutput();
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(server.getInputStream().readAllBytes()).isEqualTo(HELLO);

        server.getOutputStream().write("got it".getBytes(UTF_8));
        server.close();
        assertThat(client.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("got it");
        assertThatThrownBy(() -> client.getOutputStream().write(1))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("shutdown");
    }

    @Test
    void theServerCanEndItsOutputFirst() throws Exception {
        server.getOutputStream().write(HELLO);
        server.shutdownOutput();
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(HELLO);
        client.getOutputStream().write(HELLO);
        client.shutdownOutput();
        assertThat(server.getInputStream().readAllBytes()).isEqualTo(HELLO);
    }

    @Test
    void everythingWrittenBeforeTheCloseArrivesAndThenTheEnd() throws Exception {
        for (int i = 0; i < 50; i++) {
            client.getOutputStream().write(HELLO);
        }
        client.close();
        assertThat(server.getInputStream().readAllBytes()).hasSize(50 * HELLO.length);
        assertThat(server.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void theLastSocketOfAClosedServerEndsInOrderThoughItsSessionEndsWithIt() throws Exception {
        listening.close();
        server.getOutputStream().write(HELLO);
        server.close();
        await().until(() -> world.manager().sessions().get(0).isClosed());
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(HELLO);
    }

    @Test
    void writingToASocketWhosePeerHasClosedBreaksThePipe() throws Exception {
        server.close();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(() -> client.getOutputStream().write(HELLO))
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith("Broken pipe");
    }

    /** As TCP does; gRPC, for one, gives up the answers that it has not read when a write fails. */
    @Test
    void theFirstWriteAfterThePeersCloseIsLostWithoutAWordWhileItsLastBytesAreUnread() throws Exception {
        server.getOutputStream().write(HELLO);
        server.close();
        await().until(() ->
                world.manager().sessions().get(0).activeStreams().get(0).peerClosed());
        client.getOutputStream().write(HELLO);
        assertThatThrownBy(() -> client.getOutputStream().write(HELLO))
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith("Broken pipe");
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(HELLO);
    }

    @Test
    void aLostSessionResetsTheConnection() throws Exception {
        Future<Integer> read = world.start(() -> server.getInputStream().read());
        world.closeClients();
        assertFailsWith(read, "Connection reset");
        assertThatThrownBy(() -> server.getOutputStream().write(HELLO))
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith("Connection reset");
    }

    @Test
    void aReadTimesOutAndTheSocketGoesOn() throws Exception {
        client.setSoTimeout(50);
        assertThat(client.getSoTimeout()).isEqualTo(50);
        long before = System.nanoTime();
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageStartingWith("Read timed out");
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofMillis(50), Duration.ofSeconds(5));

        server.getOutputStream().write(HELLO);
        assertThat(client.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
    }

    @Test
    void aTimeoutThatIsTakenBackNoLongerCounts() throws Exception {
        client.setSoTimeout(1);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout(0);
        Future<Integer> read = world.start(() -> client.getInputStream().read());
        await().during(A_WHILE).until(() -> !read.isDone());
        server.getOutputStream().write(7);
        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(7);
    }

    @Test
    void aTimeoutLongerThanTheEnginesTurnIsKept() throws Exception {
        client.setSoTimeout(700);
        long before = System.nanoTime();
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(700));
    }

    @Test
    void closingWakesAClientsThreadThatReads() throws Exception {
        closingWakesAThreadThatReads(client);
    }

    @Test
    void closingWakesAServersThreadThatReads() throws Exception {
        closingWakesAThreadThatReads(server);
    }

    private void closingWakesAThreadThatReads(Socket socket) throws Exception {
        Future<Integer> read = world.start(() -> socket.getInputStream().read());
        await().during(A_WHILE).until(() -> !read.isDone());
        socket.close();
        assertFailsWith(read, "Socket closed");
    }

    @Test
    void shuttingTheInputDownEndsAReadAndDiscardsWhatArrives() throws Exception {
        Future<Integer> read = world.start(() -> server.getInputStream().read());
        await().during(A_WHILE).until(() -> !read.isDone());
        server.shutdownInput();
        assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(-1);

        byte[] much = new byte[4 << 20];
        client.getOutputStream().write(much);
        client.shutdownOutput();
        server.getOutputStream().write(HELLO);
        assertThat(client.getInputStream().readNBytes(HELLO.length)).isEqualTo(HELLO);
    }

    @Test
    void anInterruptDoesNotDisturbARead() throws Exception {
        CompletableFuture<Thread> reader = new CompletableFuture<>();
        Future<Boolean> read = world.start(() -> {
            reader.complete(Thread.currentThread());
            int value = client.getInputStream().read();
            return value == 7 && Thread.interrupted();
        });
        reader.get(10, TimeUnit.SECONDS).interrupt();
        await().during(A_WHILE).until(() -> !read.isDone());
        server.getOutputStream().write(7);
        assertThat(read.get(10, TimeUnit.SECONDS))
                .as("the byte was read and the thread is still interrupted")
                .isTrue();
    }

    @Test
    void aClosedSocketRefusesEverythingAsAnyOtherDoes() throws Exception {
        var in = client.getInputStream();
        var out = client.getOutputStream();
        in.close();
        assertThat(client.isClosed()).isTrue();
        assertThat(client.isConnected()).isTrue();
        for (Callable<?> use : new Callable<?>[] {
            in::read,
            in::available,
            client::getInputStream,
            client::getSoTimeout,
            () -> {
                out.write(1);
                return null;
            },
            () -> {
                client.shutdownOutput();
                return null;
            }
        }) {
            assertThatThrownBy(use::call).isInstanceOf(SocketException.class).hasMessageContaining("closed");
        }
        client.close();
    }

    @Test
    void addressesPrintWhereTheSocketLeadsAndWhichStreamItIs() {
        String path = "unix:" + directory.resolve("server.sock");
        assertThat(client.getRemoteSocketAddress()).asString().matches(path + "#client-\\d+\\.\\d+");
        assertThat(client.getLocalSocketAddress()).asString().startsWith(path);
        assertThat(server.getRemoteSocketAddress()).asString().matches(path + "#server-\\d+\\.\\d+");
        assertThat(client).asString().startsWith("ShmipcSocket[" + path);
        assertThat(client.getRemoteSocketAddress())
                .isEqualTo(client.getRemoteSocketAddress())
                .isNotEqualTo(server.getRemoteSocketAddress());
        assertThat(((ShmipcSocketAddress) client.getRemoteSocketAddress()).address())
                .isEqualTo(world.address());
        assertThat(client.getInetAddress().isLoopbackAddress()).isTrue();
        assertThat(client.getPort()).isEqualTo(80);
        assertThat(client.getLocalAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void anUnconnectedSocketConnectsWhateverAddressItIsGiven() throws Exception {
        try (Socket socket = new ShmipcSocketFactory(world.manager()).createSocket()) {
            assertThat(socket.isConnected()).isFalse();
            assertThat(socket.getRemoteSocketAddress()).isNull();
            assertThat(socket).hasToString("ShmipcSocket[unconnected]");
            assertThatThrownBy(socket::getInputStream).hasMessage("Socket is not connected");
            assertThatThrownBy(() -> socket.connect(null)).isInstanceOf(IllegalArgumentException.class);

            socket.bind(null);
            socket.connect(InetSocketAddress.createUnresolved("no.such.host.example", 443), 1000);
            assertThat(socket.isConnected()).isTrue();
            assertThat(socket.isBound()).isTrue();
            assertThat(socket.getPort()).isEqualTo(443);
            assertThatThrownBy(() -> socket.connect(new ShmipcSocketAddress(world.address())))
                    .isInstanceOf(SocketException.class);
        }
    }

    private static void assertFailsWith(Future<?> future, String message) {
        assertThatThrownBy(() -> future.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .isInstanceOf(SocketException.class)
                .hasMessageStartingWith(message);
    }
}
