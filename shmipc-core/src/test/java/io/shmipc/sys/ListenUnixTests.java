package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class ListenUnixTests {
    @TempDir
    Path directory;

    private Path path = Path.of("");

    @BeforeEach
    void namePath() {
        path = directory.resolve("x.sock");
    }

    @Test
    void theFileHasTheModeExactly() throws IOException {
        try (Descriptor listener = Sockets.listenUnix(path.toString(), 1, 0666, null)) {
            assertThat(listener.isOpen()).isTrue();
            assertThat(FileFacts.at(path).mode()).isEqualTo(0666);
            assertThat(FileFacts.at(path).regular()).isFalse();
        }
    }

    @Test
    void aSocketFileThatNobodyListensOnIsReplaced() throws IOException {
        Sockets.listenUnix(path.toString(), 1, 0600, null).close();
        assertFailsWith(Errno.ECONNREFUSED, () -> Sockets.connectUnix(path.toString(), -1));

        try (Descriptor listener = Sockets.listenUnix(path.toString(), 1, 0600, null);
                Descriptor client = Sockets.connectUnix(path.toString(), -1)) {
            assertThat(client.isOpen()).isTrue();
            SocketPair.acceptWaiting(listener).close();
        }
    }

    @Test
    void aListenerThatLivesKeepsItsAddress() throws IOException {
        try (Descriptor listener = Sockets.listenUnix(path.toString(), 1, 0600, null)) {
            FileFacts before = FileFacts.at(path);

            assertFailsWith(Errno.EADDRINUSE, () -> Sockets.listenUnix(path.toString(), 1, 0600, null));

            assertThat(FileFacts.at(path)).isEqualTo(before);
            SocketPair.acceptWaiting(listener).close();
            Sockets.connectUnix(path.toString(), -1).close();
        }
    }

    @Test
    void aListenerWhoseBacklogIsFullKeepsItsAddress() throws IOException {
        try (Descriptor listener = Sockets.listenUnix(path.toString(), 0, 0600, null);
                Descriptor waiting = Sockets.connectUnix(path.toString(), -1)) {
            assertFailsWith(Errno.EADDRINUSE, () -> Sockets.listenUnix(path.toString(), 1, 0600, null));
            assertThat(listener.isOpen()).isTrue();
            assertThat(waiting.isOpen()).isTrue();
        }
    }

    @Test
    void whatIsNoSocketIsLeftAlone() throws IOException {
        Files.writeString(path, "mine");

        assertThatThrownBy(() -> Sockets.listenUnix(path.toString(), 1, 0600, null))
                .hasMessage("bind(" + path + ") failed: EADDRINUSE (98), address already in use");

        assertThat(path).hasContent("mine");
    }

    @Test
    void aLinkToAStaleSocketIsLeftAlone() throws IOException {
        Path target = directory.resolve("target.sock");
        Sockets.listenUnix(target.toString(), 1, 0600, null).close();
        Files.createSymbolicLink(path, target);

        assertFailsWith(Errno.EADDRINUSE, () -> Sockets.listenUnix(path.toString(), 1, 0600, null));

        assertThat(path).isSymbolicLink();
        assertThat(target).exists();
    }

    @Test
    void anAbstractNameLeavesNothingBehindAndIsTakenWhileItLives() throws IOException {
        String name = "@shmipc-test-" + UUID.randomUUID();
        try (Descriptor listener = Sockets.listenUnix(name, 1, 0600, null)) {
            assertFailsWith(Errno.EADDRINUSE, () -> Sockets.listenUnix(name, 1, 0600, null));
            Sockets.connectUnix(name, -1).close();
            assertThat(listener.isOpen()).isTrue();
        }
        Sockets.listenUnix(name, 1, 0600, null).close();
    }

    @Test
    void namesThatCannotBeAreRefused() {
        assertFailsWith(Errno.ENAMETOOLONG, () -> Sockets.listenUnix("/" + "a".repeat(107), 1, 0600, null));
        assertFailsWith(Errno.ENOENT, () -> Sockets.listenUnix(directory + "/no/x.sock", 1, 0600, null));
        assertFailsWith(Errno.EINVAL, () -> Sockets.listenUnix("", 1, 0600, null));
        assertFailsWith(Errno.EINVAL, () -> Sockets.connectUnix("a\0b", -1));
    }

    @Test
    void theLongestNameThatFitsWorks() throws IOException {
        String name = "@" + UUID.randomUUID() + "a".repeat(70);
        try (Descriptor listener = Sockets.listenUnix(name, 1, 0600, null)) {
            Sockets.connectUnix(name, -1).close();
            assertThat(listener.isOpen()).isTrue();
        }
    }

    private static void assertFailsWith(int errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
