package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SharedFilesTests {
    @TempDir
    Path directory;

    @Test
    void aNewFileHasItsSizeAndModeAndSpace() throws IOException {
        try (Descriptor file = SharedFiles.createExclusive(directory.resolve("new"), 1 << 20, 0666)) {
            FileFacts facts = FileFacts.of(file);
            assertThat(facts.bytes()).isEqualTo(1 << 20);
            assertThat(facts.mode()).isEqualTo(0666);
            assertThat(facts.regular()).isTrue();
            assertThat(SystemFacts.reservedBytes(file)).isGreaterThanOrEqualTo(1 << 20);
        }
    }

    @Test
    void aFileThatIsThereIsLeftAlone() throws IOException {
        Path path = directory.resolve("taken");
        Files.writeString(path, "mine");

        assertFailsWith(Errno.EEXIST, () -> SharedFiles.createExclusive(path, 4096, 0600));

        assertThat(path).hasContent("mine");
    }

    @Test
    void aLinkIsNeitherCreatedThroughNorOpened() throws IOException {
        Path target = directory.resolve("target");
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);

        assertFailsWith(Errno.EEXIST, () -> SharedFiles.createExclusive(link, 4096, 0600));
        assertThat(target).doesNotExist();
        Files.createFile(target);
        assertFailsWith(Errno.ELOOP, () -> SharedFiles.openExisting(link));
    }

    @Test
    void missingPlacesAreNamed() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> SharedFiles.openExisting(missing))
                .hasMessage("open(" + missing + ") failed: ENOENT (2), no such file or directory");
        assertFailsWith(Errno.ENOENT, () -> SharedFiles.createExclusive(missing.resolve("deeper"), 4096, 0600));
        assertFailsWith(Errno.EISDIR, () -> SharedFiles.openExisting(directory));
    }

    @Test
    void bothOpeningsOfAFileHaveOneIdentity() throws IOException {
        Path path = directory.resolve("same");
        try (Descriptor created = SharedFiles.createExclusive(path, 4096, 0600);
                Descriptor opened = SharedFiles.openExisting(path)) {
            FileFacts facts = FileFacts.of(opened);
            assertThat(facts).isEqualTo(FileFacts.of(created)).isEqualTo(FileFacts.at(path));
            assertThat(facts.uid()).isEqualTo(Files.getAttribute(path, "unix:uid"));
            assertThat(facts.gid()).isEqualTo(Files.getAttribute(path, "unix:gid"));
        }
    }

    @Test
    void namesOutsideAsciiReachTheSystemAsUtf8() throws IOException {
        try (Descriptor file = new Descriptor(
                NativeBuffer.string(directory + "/ä€").call(name -> Libc.open(name, 0x42, 0600)), "direct")) {
            assertThat(FileFacts.of(file).regular()).isTrue();
        }
        assumeThat(System.getProperty("sun.jnu.encoding")).isEqualTo("UTF-8");
        SharedFiles.openExisting(directory.resolve("ä€")).close();
    }

    @Test
    void onlyTheFileThatWasMeantIsRemoved() throws IOException {
        Path path = directory.resolve("file");
        FileIdentity first;
        try (Descriptor file = SharedFiles.createExclusive(path, 4096, 0600)) {
            first = FileFacts.of(file).identity();
            Files.move(path, directory.resolve("elsewhere"));
            Files.writeString(path, "another");
        }

        assertThat(SharedFiles.unlinkIfSame(path, first)).isFalse();
        assertThat(path).hasContent("another");
        assertThat(SharedFiles.unlinkIfSame(directory.resolve("elsewhere"), first))
                .isTrue();
        assertThat(SharedFiles.unlinkIfSame(directory.resolve("elsewhere"), first))
                .isFalse();
        assertThat(directory.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void aLinkToTheFileIsNotTheFile() throws IOException {
        Path path = directory.resolve("file");
        SharedFiles.createExclusive(path, 4096, 0600).close();
        Path link = Files.createSymbolicLink(directory.resolve("link"), path);

        assertThat(SharedFiles.unlinkIfSame(link, FileFacts.at(path).identity()))
                .isFalse();

        assertThat(link).isSymbolicLink();
    }

    @Test
    void aFailedCreationLeavesNothing() {
        Path path = directory.resolve("impossible");

        assertThatThrownBy(() -> SharedFiles.createExclusive(path, -5, 0600))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-5");

        assertThat(path).doesNotExist();
    }

    @Test
    void moreThanTheSharedMemoryOfTheMachineIsRefused() throws IOException {
        Path shm = Path.of("/dev/shm");
        assumeThat(shm).as("needs /dev/shm").isWritable();
        FileStore store = Files.getFileStore(shm);
        assumeThat(store.type()).isEqualTo("tmpfs");
        assumeThat(store.getTotalSpace()).as("needs a limited /dev/shm").isPositive();
        Path path = shm.resolve("shmipc-test-" + UUID.randomUUID());
        long tooMuch = store.getTotalSpace() + (1 << 20);

        assertThatThrownBy(() -> SharedFiles.createExclusive(path, tooMuch, 0600))
                .hasMessage("posix_fallocate(" + path + ", " + tooMuch
                        + " bytes) failed: ENOSPC (28), no space left on device");

        assertThat(path).doesNotExist();
    }

    @Test
    void aFileSystemThatFillsUpIsReportedBeforeUse() throws Exception {
        Root.require(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory.toString()) == 0,
                "needs the right to mount a tmpfs");
        try (Descriptor half = SharedFiles.createExclusive(directory.resolve("half"), 600_000, 0600)) {
            assertFailsWith(
                    Errno.ENOSPC, () -> SharedFiles.createExclusive(directory.resolve("too-much"), 600_000, 0600));
            assertThat(directory.resolve("too-much")).doesNotExist();
            assertThat(half.isOpen()).isTrue();
        } finally {
            assertThat(run("umount", directory.toString())).isZero();
        }
    }

    private static void assertFailsWith(int errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
