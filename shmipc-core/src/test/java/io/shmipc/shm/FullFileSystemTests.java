package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.MemoryType;
import io.shmipc.Reason;
import io.shmipc.SharedMemoryException;
import io.shmipc.reliability.Figures;
import io.shmipc.reliability.Reliability;
import io.shmipc.server.OpenFiles;
import io.shmipc.sys.Root;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shared memory in a file system of one megabyte that somebody else uses, too. Only root can mount one. */
@Timeout(60)
class FullFileSystemTests {

    private static final int TOTAL_BYTES = 1 << 20;
    private static final int PAGE_BYTES = 4096;

    private Path mount;
    private int filesBefore;

    @BeforeEach
    void mount() throws Exception {
        Root.require("only root can mount a file system");
        mount = Files.createTempDirectory("full");
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + TOTAL_BYTES, "shmipc", mount.toString());
        if (!mounted) {
            Files.delete(mount);
        }
        Root.require(mounted, "this machine lets nobody mount a file system");
        filesBefore = OpenFiles.count();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mount != null && Files.exists(mount)) {
            assertThat(OpenFiles.count()).isLessThanOrEqualTo(filesBefore);
            assertThat(run("umount", "--lazy", mount.toString())).isTrue();
            Files.delete(mount);
        }
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatIsThereAndWhatToDo() {
        Path path = mount.resolve("large");
        assertThatThrownBy(() -> SharedMemory.create(MemoryType.FILE, path.toString(), 3 * TOTAL_BYTES, 0600))
                .isInstanceOfSatisfying(
                        SharedMemoryException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.SHARE_MEMORY_NO_SPACE_LEFT))
                .hasMessageContaining("3145728 bytes of " + path)
                .hasMessageContaining("ENOSPC")
                .hasMessageContaining(mount + " has 1048576 bytes, 1048576 of them free")
                .hasMessageContaining("--shm-size")
                .hasMessageContaining("emptyDir");
        assertThat(mount).isEmptyDirectory();
    }

    @Test
    @Reliability
    void memoryIsThereToTheLastPageOrRefused() throws Exception {
        Figures.keep("memory.full", 100, "memories in a file system that is all but full: there or refused", figure -> {
            Random random = new Random(3);
            int refused = 0;
            for (int i = 0; i < figure.count(); i++) {
                refused += isRefused(random) ? 1 : 0;
                assertThat(mount).isEmptyDirectory();
                figure.reached(i);
            }
            assertThat(refused).isBetween(1, (int) figure.count() - 1);
            return "%,d refused, %,d written to the last page".formatted(refused, figure.count() - refused);
        });
    }

    private boolean isRefused(Random random) throws IOException {
        Path others = mount.resolve("others");
        Files.write(others, new byte[random.nextInt(TOTAL_BYTES)]);
        try {
            SharedMemory memory = SharedMemory.create(
                    MemoryType.FILE, mount.resolve("mine").toString(), 1 + random.nextInt(TOTAL_BYTES), 0600);
            try {
                fill(others);
                ByteBuffer bytes = memory.bytes();
                for (int at = 0; at < bytes.capacity(); at += PAGE_BYTES) {
                    bytes.put(at, (byte) 1);
                }
                return false;
            } finally {
                memory.release();
            }
        } catch (SharedMemoryException e) {
            assertThat(e.reason()).isEqualTo(Reason.SHARE_MEMORY_NO_SPACE_LEFT);
            return true;
        } finally {
            Files.delete(others);
        }
    }

    /** Takes what is left. */
    private static void fill(Path file) {
        assertThatThrownBy(() -> Files.write(file, new byte[2 * TOTAL_BYTES])).isInstanceOf(IOException.class);
    }
}
