package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SocketsTests {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MILLI_NS = 1_000_000L;

    private final NativeBuffer buffer = NativeBuffer.allocate(64 << 10);

    @Test
    void bytesCrossAUnixSocket() throws IOException {
        try (SocketPair pair = SocketPair.unix()) {
            assertRoundTrip(pair);
            assertThat(Sockets.localPort(pair.client())).isEqualTo(-1);
        }
    }

    @Test
    void bytesCrossTcpOverIpv4() throws IOException {
        try (SocketPair pair = SocketPair.tcp("127.0.0.1")) {
            assertRoundTrip(pair);
        }
    }

    @Test
    void bytesCrossTcpOverIpv6() throws IOException {
        Path interfaces = Path.of("/proc/net/if_inet6");
        assumeThat(Files.exists(interfaces) && Files.readString(interfaces).contains("0".repeat(31) + "1"))
                .as("needs IPv6 on the loopback interface")
                .isTrue();
        try (SocketPair pair = SocketPair.tcp("::1")) {
            assertRoundTrip(pair);
            assertAddressed(pair, "0:0:0:0:0:0:0:1");
        }
    }

    @Test
    void bothEndsOfATcpConnectionAreKnownToBoth() throws IOException {
        try (SocketPair pair = SocketPair.tcp("127.0.0.1")) {
            assertAddressed(pair, "127.0.0.1");
        }
        try (SocketPair pair = SocketPair.unix()) {
            assertThat(Sockets.localAddress(pair.client())).isNull();
            assertThat(Sockets.peerAddress(pair.client())).isNull();
        }
    }

    private static void assertAddressed(SocketPair pair, String host) throws IOException {
        InetSocketAddress client = Sockets.localAddress(pair.client());
        assertThat(client).isNotNull();
        assertThat(client.getAddress().getHostAddress()).isEqualTo(host);
        assertThat(client.getPort()).isPositive();
        assertThat(Sockets.peerAddress(pair.server())).isEqualTo(client);
        assertThat(Sockets.peerAddress(pair.client()))
                .isEqualTo(Sockets.localAddress(pair.server()))
                .isNotEqualTo(client);
    }

    @Test
    void aNameWithSeveralAddressesIsConnectedAtTheOneThatListens() throws IOException {
        try (Descriptor listener = Sockets.listenTcp("127.0.0.1", 0, 1, false);
                Descriptor client = Sockets.connectTcp("localhost", Sockets.localPort(listener), SECOND_NS)) {
            SocketPair.acceptWaiting(listener).close();
            assertThat(Sockets.localPort(client)).isPositive();
        }
    }

    @Test
    void everySocketIsNonBlockingAndNotInherited() throws IOException {
        try (SocketPair unix = SocketPair.unix();
                SocketPair tcp = SocketPair.tcp("127.0.0.1")) {
            for (Descriptor socket : List.of(unix.client(), unix.server(), tcp.client(), tcp.server())) {
                int flags = Libc.O_CLOEXEC | Libc.O_NONBLOCK;
                assertThat(SystemFacts.openFlags(socket) & flags).isEqualTo(flags);
            }
        }
    }

    @Test
    void acceptReturnsNullWhenNobodyConnects(@TempDir Path directory) throws IOException {
        try (Descriptor unix = Sockets.listenUnix(directory + "/s", 1, 0600, null);
                Descriptor tcp = Sockets.listenTcp("127.0.0.1", 0, 1, false)) {
            assertThat(Sockets.accept(unix)).isNull();
            assertThat(Sockets.accept(tcp)).isNull();
        }
    }

    @Test
    void receiveTellsNothingThereFromTheEnd() throws IOException {
        try (SocketPair pair = SocketPair.unix()) {
            assertThat(Sockets.receive(pair.server(), buffer, 0, 8)).isEqualTo(Sockets.WOULD_BLOCK);
            assertThat(Sockets.send(pair.client(), buffer, 0, 3)).isEqualTo(3);
            Sockets.shutdown(pair.client());
            assertThat(Sockets.receive(pair.server(), buffer, 0, 8)).isEqualTo(3);
            assertThat(Sockets.receive(pair.server(), buffer, 0, 8)).isZero();
        }
    }

    @Test
    void sendTellsThatThereIsNoRoom() throws IOException {
        try (SocketPair pair = SocketPair.unix()) {
            int capacity = buffer.bytes().capacity();
            long total = 0;
            int sent = 0;
            while (sent != Sockets.WOULD_BLOCK) {
                total += sent;
                sent = Sockets.send(pair.client(), buffer, 0, capacity);
            }
            assertThat(total).isPositive();
            assertThat(Sockets.poll(pair.client(), PollSet.OUT, 0)).isZero();
            while (total > 0) {
                total -= Sockets.receive(pair.server(), buffer, 0, capacity);
            }
            assertThat(Sockets.poll(pair.client(), PollSet.OUT, 0)).isEqualTo(PollSet.OUT);
        }
    }

    @Test
    void aPeerThatIsGoneIsAnErrorAndNotASignal() throws IOException {
        try (SocketPair pair = SocketPair.unix()) {
            pair.server().close();
            assertFailsWith(Errno.EPIPE, () -> Sockets.send(pair.client(), buffer, 0, 1));
        }
    }

    @Test
    void aPeerThatLeftBytesUnreadResetsTheConnection() throws IOException {
        try (SocketPair pair = SocketPair.unix()) {
            Sockets.send(pair.client(), buffer, 0, 1);
            pair.server().close();
            assertFailsWith(Errno.ECONNRESET, () -> Sockets.receive(pair.client(), buffer, 0, 1));
        }
    }

    @Test
    void onlyBytesOfTheBufferAreTouched() throws IOException {
        try (SocketPair pair = SocketPair.unix()) {
            NativeBuffer small = NativeBuffer.allocate(8);
            assertThatThrownBy(() -> Sockets.send(pair.client(), small, 4, 5))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> Sockets.receive(pair.client(), small, -1, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> Sockets.receive(pair.client(), small, 8, 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theCredentialsOfAUnixPeerAreKnown(@TempDir Path directory) throws IOException {
        try (SocketPair pair = SocketPair.unix();
                SocketPair tcp = SocketPair.tcp("127.0.0.1")) {
            FileFacts mine = FileFacts.at(directory);
            int pid = (int) ProcessHandle.current().pid();
            assertThat(Sockets.credentials(pair.server())).isEqualTo(new PeerCredentials(pid, mine.uid(), mine.gid()));
            assertThat(Sockets.credentials(tcp.server())).isEqualTo(new PeerCredentials(0, -1, -1));
        }
    }

    @Test
    void theSupplementaryGroupsOfAUnixPeerAreKnown() throws IOException {
        String[] mine = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Groups:"))
                .flatMap(line -> Pattern.compile("\\d+").matcher(line).results())
                .map(MatchResult::group)
                .toArray(String[]::new);
        try (SocketPair pair = SocketPair.unix()) {
            assertThat(Sockets.supplementaryGroups(pair.server()))
                    .map(String::valueOf)
                    .containsExactlyInAnyOrder(mine);
        }
    }

    @Test
    void shutdownWakesWhoWaitsAndMayBeRepeated() throws IOException {
        try (SocketPair pair = SocketPair.unix()) {
            Thread other = new Thread(() -> Sockets.shutdown(pair.client()));
            other.start();
            assertThat(Sockets.poll(pair.client(), PollSet.IN, -1) & PollSet.HUP)
                    .isNotZero();

            Sockets.shutdown(pair.client());
            pair.client().close();
            Sockets.shutdown(pair.client());
        }
    }

    @Test
    void connectingToNobodySaysWhy(@TempDir Path directory) throws IOException {
        int freePort;
        try (Descriptor listener = Sockets.listenTcp("127.0.0.1", 0, 1, false)) {
            freePort = Sockets.localPort(listener);
        }
        assertFailsWith(Errno.ECONNREFUSED, () -> Sockets.connectTcp("127.0.0.1", freePort, SECOND_NS));
        assertFailsWith(Errno.ENOENT, () -> Sockets.connectUnix(directory + "/none", SECOND_NS));
        assertFailsWith(Errno.ECONNREFUSED, () -> Sockets.connectUnix("@" + UUID.randomUUID(), SECOND_NS));
        assertThatThrownBy(() -> Sockets.connectTcp("127.0.0.1", 65536, SECOND_NS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void connectingToAFullUnixBacklogTimesOut() throws IOException {
        String name = "@" + UUID.randomUUID();
        List<Descriptor> waiting = new ArrayList<>();
        try (Descriptor listener = Sockets.listenUnix(name, 0, 0600, null)) {
            long start = System.nanoTime();
            assertFailsWith(Errno.ETIMEDOUT, () -> {
                while (waiting.size() < 10) {
                    waiting.add(Sockets.connectUnix(name, 20 * MILLI_NS));
                }
            });
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20 * MILLI_NS);
            assertThat(listener.isOpen()).isTrue();
        } finally {
            waiting.forEach(Descriptor::close);
        }
    }

    @Test
    void connectingToAFullTcpBacklogTimesOut() throws IOException {
        List<Descriptor> waiting = new ArrayList<>();
        try (Descriptor listener = Sockets.listenTcp("127.0.0.1", 0, 0, false)) {
            int port = Sockets.localPort(listener);
            assertFailsWith(Errno.ETIMEDOUT, () -> {
                while (waiting.size() < 10) {
                    waiting.add(Sockets.connectTcp("127.0.0.1", port, 20 * MILLI_NS));
                }
            });
        } finally {
            waiting.forEach(Descriptor::close);
        }
    }

    private void assertRoundTrip(SocketPair pair) throws IOException {
        buffer.bytes().putLong(8, 0x0102030405060708L);
        assertThat(Sockets.send(pair.client(), buffer, 8, 8)).isEqualTo(8);
        assertThat(Sockets.poll(pair.server(), PollSet.IN, SECOND_NS)).isEqualTo(PollSet.IN);
        assertThat(Sockets.receive(pair.server(), buffer, 100, 50)).isEqualTo(8);
        assertThat(buffer.bytes().getLong(100)).isEqualTo(0x0102030405060708L);

        assertThat(Sockets.send(pair.server(), buffer, 100, 2)).isEqualTo(2);
        assertThat(Sockets.poll(pair.client(), PollSet.IN, SECOND_NS)).isEqualTo(PollSet.IN);
        assertThat(Sockets.receive(pair.client(), buffer, 200, 1)).isEqualTo(1);
        assertThat(buffer.bytes().get(200)).isEqualTo((byte) 1);
    }

    private static void assertFailsWith(int errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
