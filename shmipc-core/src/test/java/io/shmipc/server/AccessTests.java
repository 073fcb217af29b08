package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.AddressException;
import io.shmipc.ConnectException;
import io.shmipc.InvalidConfigException;
import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcException;
import io.shmipc.channel.Connection;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.session.Duo;
import io.shmipc.session.Payload;
import io.shmipc.session.Variant;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.Region;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Mappings;
import io.shmipc.sys.Memfd;
import io.shmipc.sys.OtherUser;
import io.shmipc.sys.Sockets;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect, with which memory: each rule against a client of another user, as the kernel tells it. */
@Timeout(20)
class AccessTests {

    private static final int STRANGER = 12_345;
    private static final int GROUP = 54_321;

    private Duo duo;

    private Path open(UnaryOperator<ListenerConfig.Builder> listener) throws IOException {
        duo = Duo.of(Variant.USUAL).listener(listener).echo().open();
        Path socket = Path.of(duo.listener().address().target());
        // Everybody may look into the directory, so that only the socket itself can refuse.
        Files.setAttribute(socket.getParent(), "unix:mode", 0711);
        return socket;
    }

    @AfterEach
    void close() {
        if (duo != null) {
            assertServed();
            duo.close();
        }
    }

    private void assertServed() {
        duo.manager().execute(stream -> {
            Payload.roundTrip(stream, Payload.of(1000, 3));
            return true;
        });
    }

    private boolean isAdmitted(int user, int group) throws Exception {
        return OtherUser.call(user, group, () -> {
            try (RawClient client = new RawClient(duo.listener().address())) {
                return client.isAnswered();
            }
        });
    }

    @Test
    void aSocketIsItsOwnersAlone() throws Exception {
        open(listener -> listener);
        assertThatThrownBy(() -> isAdmitted(STRANGER, STRANGER))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Permission denied");
    }

    @Test
    void aSocketOfAGroupIsOpenToItsMembersAndToNobodyElse() throws Exception {
        Path socket = open(listener -> listener.socketMode(0660)
                .socketGroup(Integer.toString(GROUP))
                .accessPolicy(AccessPolicy.builder().groupIds(Set.of(GROUP)).build()));
        assertThat(Files.getAttribute(socket, "unix:gid")).isEqualTo(GROUP);
        assertThat((int) Files.getAttribute(socket, "unix:mode") & 0777).isEqualTo(0660);
        assertThat(isAdmitted(STRANGER, GROUP)).isTrue();
        assertThatThrownBy(() -> isAdmitted(STRANGER, STRANGER)).hasMessageContaining("Permission denied");
    }

    @Test
    void aGroupThatIsNotThereIsRefusedBeforeAnythingListens() {
        assertThatThrownBy(() -> ListenerConfig.builder(ShmipcAddress.parse("/nowhere/s.sock"))
                        .socketGroup("no-such-group")
                        .build())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("socketGroup")
                .hasMessageContaining("no-such-group");
    }

    @Test
    void aGroupOfOthersIsRefusedAtTheStart() throws Exception {
        Path directory = Duo.temporaryDirectory();
        Files.setAttribute(directory, "unix:mode", 0777);
        try {
            assertThatThrownBy(() -> OtherUser.call(
                            STRANGER,
                            STRANGER,
                            () -> ListeningSocket.bind(
                                    ListenerConfig.builder(ShmipcAddress.unix(directory.resolve("socket")))
                                            .socketGroup("0")
                                            .build())))
                    .isInstanceOf(AddressException.class)
                    .hasMessageContaining("choose one that this user is a member of");
            assertThat(directory).isEmptyDirectory();
        } finally {
            Duo.delete(directory);
        }
    }

    @Test
    void anotherUserIsRefusedThoughTheSocketIsOpenToAll() throws Exception {
        open(listener -> listener.socketMode(0666));
        assertThat(isAdmitted(STRANGER, STRANGER)).isFalse();
        assertThat(isAdmitted(0, 0)).isTrue();
    }

    @Test
    void usersOnTheListAreAdmittedAndThisProcessesOwnIsNot() throws Exception {
        open(listener -> listener.socketMode(0666)
                .accessPolicy(
                        AccessPolicy.builder().userIds(Set.of(0, STRANGER)).build()));
        assertThat(isAdmitted(STRANGER, STRANGER)).isTrue();
        assertThat(isAdmitted(STRANGER + 1, STRANGER)).isFalse();
    }

    @Test
    void membersOfAGroupOnTheListAreAdmitted() throws Exception {
        open(listener -> listener.socketMode(0666)
                .accessPolicy(AccessPolicy.builder().groupIds(Set.of(GROUP)).build()));
        assertThat(isAdmitted(STRANGER, GROUP)).isTrue();
        assertThat(isAdmitted(STRANGER, STRANGER)).isFalse();
    }

    @Test
    void aClientSharesOnlyItsOwnFiles() throws Exception {
        open(listener -> listener.socketMode(0666)
                .accessPolicy(
                        AccessPolicy.builder().userIds(Set.of(0, STRANGER)).build()));
        try (RawClient owner = new RawClient(duo.listener().address()).createMemory()) {
            OtherUser.call(STRANGER, STRANGER, () -> {
                try (RawClient thief = new RawClient(duo.listener().address())) {
                    thief.message(2, 0, RawClient.paths(owner.queuePath(), owner.bufferPath()));
                    thief.awaitEnd();
                }
                return true;
            });
            assertThat(Path.of(owner.bufferPath())).exists();
        }
        assertThat(duo.listener().sessions()).hasSize(1);
        OtherUser.call(STRANGER, STRANGER, () -> {
            try (RawClient client = new RawClient(duo.listener().address()).shakeHands()) {
                client.openStream(2);
                Awaitility.await().until(() -> duo.listener().sessions().size() == 2);
            }
            return true;
        });
    }

    private SessionManager anotherManager(MemoryType type, String prefix) {
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(type)
                .pathPrefix(prefix)
                .regionBytes(2 << 20)
                .build();
        return SessionManager.open(SessionManagerConfig.builder(duo.listener().address())
                .config(config)
                .build());
    }

    private boolean isServed(MemoryType type, String prefix) {
        try (SessionManager manager = anotherManager(type, prefix)) {
            return manager.execute(stream -> {
                stream.setReadDeadline(Instant.now().plus(Duration.ofSeconds(5)));
                Payload.roundTrip(stream, Payload.of(1000, 3));
                return true;
            });
        } catch (ShmipcException e) {
            return false;
        }
    }

    @Test
    void memoryLiesInTheDirectoriesThatAreAllowed() throws Exception {
        Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "access");
        try {
            String prefix = directory.resolve("memory").toString();
            open(listener -> listener);
            assertThat(isServed(MemoryType.FILE, prefix)).isFalse();
            duo.close();
            open(listener -> listener.accessPolicy(
                    AccessPolicy.builder().directories(Set.of(directory)).build()));
            assertThat(isServed(MemoryType.FILE, prefix)).isTrue();
            assertThat(isServed(MemoryType.FILE, "/dev/shm/access-" + UUID.randomUUID()))
                    .as("/dev/shm is not on the list")
                    .isFalse();
        } finally {
            Duo.delete(directory);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "memory", "./memory"})
    void aDirectoryThatDependsOnWhereTheProcessRunsIsRefused(String directory) {
        assertThatThrownBy(() -> AccessPolicy.builder()
                        .directories(Set.of(Path.of(directory)))
                        .build())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("directories is '" + directory + "': it must have absolute paths only.");
    }

    @Test
    void memoryBeyondTheLimitIsRefused() throws Exception {
        open(listener -> listener.accessPolicy(
                AccessPolicy.builder().maxMemoryBytes((4 << 20) - 1).build()));
        assertThat(isServed(MemoryType.MEMFD, "/dev/shm/access")).isTrue();
        ShmipcConfig larger = ShmipcConfig.builder()
                .memoryType(MemoryType.MEMFD)
                .regionBytes(4 << 20)
                .build();
        assertThatThrownBy(() -> SessionManager.open(
                        SessionManagerConfig.builder(duo.listener().address())
                                .config(larger)
                                .build()))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void memfdsAreSealedByOurClientsAndMustBeWhereSealsAreRequired() throws Exception {
        open(listener ->
                listener.accessPolicy(AccessPolicy.builder().requireSeals(true).build()));
        assertThat(isServed(MemoryType.MEMFD, "/dev/shm/access")).isTrue();
        assertThat(acceptsUnsealed()).isFalse();
        assertThat(isServed(MemoryType.FILE, "/dev/shm/access-" + UUID.randomUUID()))
                .as("a file cannot be sealed")
                .isFalse();
        duo.close();
        open(listener -> listener);
        assertThat(acceptsUnsealed()).isTrue();
    }

    /** Shakes hands with memfds that anybody can make smaller; returns whether the server acknowledges them. */
    private boolean acceptsUnsealed() throws IOException {
        String path = duo.listener().address().target();
        try (Descriptor buffer = unsealed(1 << 20);
                Descriptor queue = unsealed(QueuePair.mappingBytes(64));
                Descriptor socket = Sockets.connectUnix(path, -1)) {
            Region.format(Mappings.map(buffer, 1 << 20), ShmipcConfig.defaults().sliceSizes());
            QueuePair.format(Mappings.map(queue, QueuePair.mappingBytes(64)), 64);
            return MemfdHandshake.perform(
                    new Connection(
                            socket, duo.listener().address(), duo.listener().address(), Duration.ofSeconds(5)),
                    buffer,
                    queue);
        }
    }

    private static Descriptor unsealed(long bytes) throws IOException {
        Descriptor memfd = Memfd.create("unsealed", Memfd.CLOEXEC | Memfd.ALLOW_SEALING);
        try (FileChannel file = new FileOutputStream(memfd.procPath().toFile()).getChannel()) {
            file.write(ByteBuffer.allocate((int) bytes));
        }
        return memfd;
    }
}
