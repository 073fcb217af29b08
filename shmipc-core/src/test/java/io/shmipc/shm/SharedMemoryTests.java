package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.MemoryType;
import io.shmipc.Reason;
import io.shmipc.SharedMemoryException;
import io.shmipc.ShmipcConfig;
import io.shmipc.sys.FileFacts;
import io.shmipc.sys.SharedFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory that two processes map: who keeps it, and what is left of it. */
@Timeout(20)
class SharedMemoryTests {

    private static final int BYTES = 1 << 16;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void newMemoryIsZeroAndWritable(MemoryType type) {
        SharedMemory memory = create(type, "new");
        ByteBuffer bytes = memory.bytes();
        assertThat(bytes.capacity()).isEqualTo(BYTES);
        assertThat(bytes).isEqualTo(ByteBuffer.allocate(BYTES));
        bytes.putLong(BYTES - Long.BYTES, 42);
        assertThat(bytes.getLong(BYTES - Long.BYTES)).isEqualTo(42);
        assertThat(memory.release()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void theLastUsersReleaseGivesItBackAndASpanReadsZeros(MemoryType type) {
        SharedMemory memory = create(type, "users");
        ByteBuffer span = memory.bytes().slice(0, 16);
        span.putLong(0, 42);
        assertThat(memory.retain()).isTrue();
        assertThat(memory.release()).isFalse();
        assertThat(span.getLong(0)).isEqualTo(42);

        assertThat(memory.release()).isTrue();
        assertThat(span.getLong(0)).isZero();
        assertThat(memory.retain()).as("memory that is gone").isFalse();
        assertThat(memory.descriptor().isOpen()).isFalse();
    }

    @Test
    void twoMappingsOfOneFileShareTheirBytesAndTheirIdentity() throws IOException {
        SharedMemory mine = create(MemoryType.FILE, "shared");
        Path path = directory.resolve("shared");
        SharedMemory theirs = SharedMemory.map("shared", SharedFiles.openExisting(path), BYTES);
        theirs.removeAtTheEnd(path);
        mine.bytes().putInt(100, 7);
        assertThat(theirs.bytes().getInt(100)).isEqualTo(7);
        assertThat(theirs.identity()).isEqualTo(mine.identity());

        theirs.release();
        assertThat(path).as("either side removes the file").doesNotExist();
        mine.release();
    }

    @Test
    void aFileIsPrivateAndReservedAndRemovedWithItsMemory() throws IOException {
        SharedMemory memory = create(MemoryType.FILE, "private");
        Path path = directory.resolve("private");
        FileFacts facts = FileFacts.at(path);
        assertThat(facts.mode() & 0777).isEqualTo(0600);
        assertThat(facts.bytes()).isEqualTo(BYTES);
        memory.release();
        assertThat(path).doesNotExist();
    }

    @Test
    void aFileThatTookItsPlaceIsLeftAlone() throws IOException {
        SharedMemory memory = create(MemoryType.FILE, "place");
        Path path = directory.resolve("place");
        Files.delete(path);
        Files.writeString(path, "somebody else's");
        memory.release();
        assertThat(path).hasContent("somebody else's");
    }

    @Test
    void aFileThatExistsIsRefusedAndLeftAlone() throws IOException {
        Path path = Files.writeString(directory.resolve("taken"), "somebody else's");
        assertThatThrownBy(() -> create(MemoryType.FILE, "taken"))
                .isInstanceOfSatisfying(
                        SharedMemoryException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SYSTEM_CALL_FAILED))
                .hasMessageContaining(path.toString())
                .hasMessageContaining(Integer.toString(BYTES))
                .hasMessageContaining("EEXIST");
        assertThat(path).hasContent("somebody else's");
    }

    @Test
    void aDirectoryThatIsMissingIsNamedWithWhatToDo() {
        assertThatThrownBy(() -> create(MemoryType.FILE, "none/file"))
                .isInstanceOf(SharedMemoryException.class)
                .hasMessageContaining("none/file")
                .hasMessageContaining("existing, writable directory");
    }

    @Test
    void oneRegionIsMappedOncePerFile() throws IOException {
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(MemoryType.FILE)
                .regionBytes(4 << 20)
                .build();
        Path path = directory.resolve("region");
        SharedRegion made = SharedRegion.create(config, path.toString());
        MappedRegions regions = new MappedRegions();
        SharedRegion first = regions.acquire(made.memory().identity(), () -> mapping(path, 4 << 20));
        SharedRegion second = regions.acquire(made.memory().identity(), () -> {
            throw new AssertionError("it is mapped already");
        });
        assertThat(second).isSameAs(first);
        assertThat(first.region().totalSlices()).isEqualTo(made.region().totalSlices());

        regions.release(first);
        assertThat(first.memory().descriptor().isOpen()).isTrue();
        regions.release(second);
        assertThat(first.memory().descriptor().isOpen()).isFalse();
        made.memory().release();
    }

    @Test
    void aFileThatHoldsNoRegionIsUnmappedAgain() {
        SharedMemory zeros = create(MemoryType.FILE, "zeros");
        MappedRegions regions = new MappedRegions();
        SharedMemory[] mapped = new SharedMemory[1];
        assertThatThrownBy(() -> regions.acquire(zeros.identity(), () -> {
                    mapped[0] = mapping(directory.resolve("zeros"), BYTES);
                    return mapped[0];
                }))
                .isInstanceOf(CorruptMemoryException.class);
        assertThat(mapped[0].descriptor().isOpen()).isFalse();
        zeros.release();
    }

    private SharedMemory create(MemoryType type, String name) {
        return SharedMemory.create(type, directory.resolve(name).toString(), BYTES, 0600);
    }

    private static SharedMemory mapping(Path path, long bytes) {
        try {
            return SharedMemory.map(path.toString(), SharedFiles.openExisting(path), bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
