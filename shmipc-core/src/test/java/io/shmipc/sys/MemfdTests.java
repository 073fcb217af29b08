package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class MemfdTests {
    private static final int ALL_SEALS = Memfd.SEAL_SEAL | Memfd.SEAL_SHRINK | Memfd.SEAL_GROW;

    @Test
    void aSealedMemfdKeepsItsSize() throws IOException {
        try (Descriptor memfd = Memfd.createSealed("sealed", 1 << 20);
                FileChannel channel = FileChannel.open(memfd.procPath(), StandardOpenOption.WRITE)) {
            assertThat(Memfd.seals(memfd)).isEqualTo(ALL_SEALS);
            assertThatThrownBy(() -> channel.truncate(4096))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not permitted");
            assertThat(Libc.fcntl(memfd.fd(), Libc.F_ADD_SEALS, Memfd.SEAL_GROW))
                    .isEqualTo(-1);
            assertThat(Libc.errno()).isEqualTo(Errno.EPERM);
            assertThat(FileFacts.of(memfd).bytes()).isEqualTo(1 << 20);
            assertThat(FileFacts.of(memfd).regular()).isTrue();
        }
    }

    @Test
    void itsMemoryIsReservedBeforeItIsTouched() throws IOException {
        try (Descriptor memfd = Memfd.createSealed("reserved", 1 << 20)) {
            assertThat(SystemFacts.reservedBytes(memfd)).isGreaterThanOrEqualTo(1 << 20);
        }
    }

    @Test
    void whatCannotBeSealedHasNoSeals(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("plain");
        Files.createFile(path);
        try (Descriptor file = SharedFiles.openExisting(path);
                Descriptor unsealed = Memfd.create("unsealed", Memfd.CLOEXEC | Memfd.ALLOW_SEALING);
                Descriptor event = new Descriptor(Libc.eventfd(0, Libc.O_CLOEXEC), "event")) {
            assertThat(Memfd.seals(file) & ALL_SEALS).isIn(0, Memfd.SEAL_SEAL);
            assertThat(Memfd.seals(unsealed)).isZero();
            assertThat(Memfd.seals(event)).isZero();
        }
    }

    @Test
    void itIsNotInheritedByPrograms() throws IOException {
        try (Descriptor memfd = Memfd.createSealed("private", 4096)) {
            assertThat(SystemFacts.openFlags(memfd) & Libc.O_CLOEXEC).isNotZero();
        }
    }

    @Test
    void aNameHasALengthAndNoSlash() throws IOException {
        assertThatThrownBy(() -> Memfd.create("a/b", Memfd.CLOEXEC)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memfd.create("", Memfd.CLOEXEC)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memfd.create("a".repeat(250), Memfd.CLOEXEC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(250 bytes)");
        Memfd.create("a".repeat(249), Memfd.CLOEXEC).close();
    }

    @Test
    void aSizeIsPositive() {
        assertThatThrownBy(() -> Memfd.createSealed("empty", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusalsOfTheSystemNameTheCall() {
        assertThatThrownBy(() -> Memfd.create("flags", 0x40000000))
                .isInstanceOf(NativeException.class)
                .hasMessage("memfd_create(flags) failed: EINVAL (22), invalid argument");
    }
}
