package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.Network;
import io.shmipc.WaitStrategies;
import io.shmipc.session.Duo;
import io.shmipc.session.Payload;
import io.shmipc.session.Variant;
import io.shmipc.sys.Root;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that do not shake hands as they must: they lose their connection, and nobody else notices. */
@Timeout(60)
class HostileHandshakeTests {

    private final Path mine = Path.of("/dev/shm/hostile-" + UUID.randomUUID());
    private Duo duo;
    private int filesBefore;

    @BeforeEach
    void open() {
        duo = Duo.of(Variant.USUAL)
                .server(config -> config.initializeTimeout(Duration.ofSeconds(1)))
                .echo()
                .open();
        assertServed();
        filesBefore = OpenFiles.count();
    }

    @AfterEach
    void nothingIsLost() throws IOException {
        assertServed();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(OpenFiles.count()).isLessThanOrEqualTo(filesBefore));
        assertThat(duo.listener().sessions()).hasSize(1);
        duo.close();
        Files.deleteIfExists(mine);
    }

    private void assertServed() {
        duo.manager().execute(stream -> {
            Payload.roundTrip(stream, Payload.of(1000, 3));
            return true;
        });
    }

    private RawClient client() throws IOException {
        return new RawClient(duo.listener().address());
    }

    static Stream<Arguments> garbage() {
        byte[] random = new byte[5000];
        new Random(7).nextBytes(random);
        byte[] nothing = {};
        return Stream.of(
                Arguments.of("random bytes", random),
                Arguments.of("wrong magic", RawClient.frame(8, 0x7757, 3, 4, nothing)),
                Arguments.of("version 0", RawClient.frame(8, 0x7758, 0, 4, nothing)),
                Arguments.of("version 1", RawClient.frame(8, 0x7758, 1, 0, nothing)),
                Arguments.of("version 9", RawClient.frame(8, 0x7758, 9, 4, nothing)),
                Arguments.of("unknown type", RawClient.frame(8, 0x7758, 3, 10, nothing)),
                Arguments.of("type 255", RawClient.frame(8, 0x7758, 3, 255, nothing)),
                Arguments.of("wrong first type", RawClient.frame(8, 0x7758, 3, 1, nothing)),
                Arguments.of("fallback data first", RawClient.frame(16, 0x7758, 3, 3, new byte[8])),
                Arguments.of("length below the header's", RawClient.frame(7, 0x7758, 3, 4, nothing)),
                Arguments.of("length 0", RawClient.frame(0, 0x7758, 3, 4, nothing)),
                Arguments.of("4 GiB of paths", RawClient.frame(-1, 0x7758, 2, 0, new byte[100])),
                Arguments.of("2 GiB of paths", RawClient.frame(Integer.MAX_VALUE, 0x7758, 2, 0, new byte[100])),
                Arguments.of("a body where none belongs", RawClient.frame(12, 0x7758, 3, 4, new byte[4])),
                Arguments.of("no paths", RawClient.frame(8, 0x7758, 2, 0, nothing)),
                Arguments.of(
                        "a path that ends behind its message",
                        RawClient.frame(13, 0x7758, 2, 0, new byte[] {0, 9, 'a', 0, 0})),
                Arguments.of(
                        "bytes behind the paths", RawClient.frame(14, 0x7758, 2, 0, new byte[] {0, 0, 0, 0, 1, 2})),
                Arguments.of("empty paths", named("", "")),
                Arguments.of("a relative path", named("queue", "buffer")),
                Arguments.of("a path with a zero byte", named("/dev/shm/a\0b", "/dev/shm/a\0b")),
                Arguments.of("a path that begins a line", named("/dev/shm/a\nb", "/dev/shm/a\u001b[2Jb")),
                Arguments.of("a path elsewhere", named("/etc/passwd", "/etc/hostname")),
                Arguments.of("a path that climbs", named("/dev/shm/../../etc/passwd", "/dev/shm/x")),
                Arguments.of("a deeper path", named("/dev/shm/deeper/queue", "/dev/shm/x")),
                Arguments.of("a directory", named("/dev/shm", "/dev/shm")),
                Arguments.of("files that are not there", named("/dev/shm/no-1", "/dev/shm/no-2")));
    }

    private static byte[] named(String queue, String buffer) {
        byte[] payload = RawClient.paths(queue, buffer);
        return RawClient.frame(8 + payload.length, 0x7758, 2, 0, payload);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void garbage(String what, byte[] bytes) throws IOException {
        try (RawClient client = client()) {
            client.send(bytes);
            client.awaitEnd();
        }
        try (RawClient client = client()) {
            client.send(bytes);
        }
    }

    @Test
    void silentClientsAreGivenUpAndDelayNobody() throws IOException {
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            silent.add(client());
        }
        try (Duo.Closing other = duo.anotherClient()) {
            assertThat(other.took()).isLessThan(Duration.ofSeconds(3));
        }
        for (RawClient client : silent) {
            client.awaitEnd();
            client.close();
        }
    }

    @Test
    void aSilentClientHasTheConfiguredTime() throws IOException {
        Duration time = Duration.ofMillis(300);
        try (Duo impatient = Duo.of(Variant.USUAL)
                .server(config -> config.initializeTimeout(time))
                .open()) {
            long begin = System.nanoTime();
            try (RawClient client = new RawClient(impatient.listener().address())) {
                client.awaitEnd();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(time);
        }
    }

    @Test
    void handshakesBeyondTheirLimitTakeThePlaceOfTheOldest() throws IOException {
        try (Duo limited = Duo.of(Variant.USUAL)
                        .server(config -> config.initializeTimeout(Duration.ofSeconds(50)))
                        .listener(listener -> listener.maxHandshakes(2))
                        .open();
                RawClient oldest = new RawClient(limited.listener().address());
                RawClient second = new RawClient(limited.listener().address())) {
            assertThat(oldest.isAnswered()).isTrue();
            assertThat(second.isAnswered()).isTrue();
            try (RawClient third = new RawClient(limited.listener().address())) {
                oldest.awaitEnd();
                assertThat(third.isAnswered()).isTrue();
                second.message(3, 5, RawClient.paths("queue", "buffer"));
                assertThat(second.receives()).as("the second is still there").isTrue();
            }
        }
    }

    @Test
    void aClientThatStopsHalfWayIsGivenUp() throws IOException {
        try (RawClient client = client()) {
            client.message(3, RawClient.EXCHANGE_PROTO_VERSION);
            client.awaitEnd();
        }
        try (RawClient client = client()) {
            client.message(3, RawClient.EXCHANGE_PROTO_VERSION);
            client.message(3, 5, RawClient.paths("queue", "buffer"));
            client.send((byte) 0);
            client.awaitEnd();
        }
    }

    private void assertRefused(String queue, String buffer) throws IOException {
        try (RawClient client = client()) {
            client.message(2, 0, RawClient.paths(queue, buffer));
            client.awaitEnd();
        }
    }

    @ParameterizedTest
    @EnumSource(Network.class)
    void aTextIsNoQueueAndNoRegionAndStaysWhereItIs(Network network) throws IOException {
        Files.writeString(mine, "some text of somebody else's");
        try (Duo other = Duo.of(new Variant(MemoryType.FILE, network, false, WaitStrategies.ADAPTIVE))
                        .open();
                RawClient good = new RawClient(other.listener().address()).createMemory()) {
            for (String queue : List.of(mine.toString(), good.queuePath(), good.bufferPath())) {
                for (String buffer : List.of(mine.toString(), good.queuePath())) {
                    try (RawClient client = new RawClient(other.listener().address())) {
                        client.message(2, 0, RawClient.paths(queue, buffer));
                        client.awaitEnd();
                    }
                    assertThat(mine).content().isEqualTo("some text of somebody else's");
                    assertThat(Path.of(good.queuePath())).exists();
                    assertThat(Path.of(good.bufferPath())).exists();
                }
            }
        }
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws IOException {
        try (RawClient good = client().createMemory()) {
            Files.createSymbolicLink(mine, Path.of(good.queuePath()));
            assertRefused(mine.toString(), good.bufferPath());
            assertThat(Path.of(good.queuePath())).exists();
        }
    }

    @Test
    void aPipeIsNotWaitedFor() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", mine.toString()).start().waitFor())
                .isZero();
        try (RawClient good = client().createMemory()) {
            assertRefused(mine.toString(), good.bufferPath());
            assertRefused(good.queuePath(), mine.toString());
            assertThat(mine).exists();
        }
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        try (RawClient good = client().createMemory()) {
            try (RandomAccessFile file = new RandomAccessFile(good.bufferPath(), "rw")) {
                file.setLength(file.length() / 2);
            }
            assertRefused(good.queuePath(), good.bufferPath());
            assertThat(Path.of(good.queuePath())).exists();
            assertThat(Path.of(good.bufferPath())).exists();
        }
        try (RawClient good = client().createMemory()) {
            try (RandomAccessFile file = new RandomAccessFile(good.queuePath(), "rw")) {
                file.setLength(0);
            }
            assertRefused(good.queuePath(), good.bufferPath());
            assertThat(Path.of(good.queuePath())).exists();
            assertThat(Path.of(good.bufferPath())).exists();
        }
    }

    @Test
    void aFileOfAnotherUserIsRefused() throws IOException {
        Root.require("only root can give a file away");
        try (RawClient good = client().createMemory()) {
            Files.setPosixFilePermissions(Path.of(good.queuePath()), PosixFilePermissions.fromString("rw-rw-rw-"));
            Files.setAttribute(Path.of(good.queuePath()), "unix:uid", 12_345);
            assertRefused(good.queuePath(), good.bufferPath());
            assertThat(Path.of(good.queuePath())).exists();
        }
    }
}
