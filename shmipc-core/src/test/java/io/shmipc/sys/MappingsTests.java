package io.shmipc.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class MappingsTests {
    private static final int BYTES = 16 << 20;

    private final String name = "mapping-" + UUID.randomUUID();

    @Test
    void twoMappingsOfAMemfdAreOneMemory() throws IOException {
        try (Descriptor memfd = Memfd.createSealed(name, BYTES)) {
            ByteBuffer one = Mappings.map(memfd, BYTES);
            ByteBuffer other = Mappings.map(memfd, BYTES);

            one.putLong(BYTES - 8, 0x1122334455667788L);

            assertThat(other.getLong(BYTES - 8)).isEqualTo(0x1122334455667788L);
            assertThat(one.isDirect()).isTrue();
            assertThat(one.order()).isEqualTo(ByteOrder.nativeOrder());
            assertThat(one.capacity()).isEqualTo(BYTES);
        }
    }

    @Test
    void aMappingOutlivesTheDescriptorAndTheName(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("region");
        ByteBuffer mapping;
        try (Descriptor file = SharedFiles.createExclusive(path, 4096, 0600)) {
            Files.delete(path);
            mapping = Mappings.map(file, 4096);
        }

        mapping.putInt(0, 7);

        assertThat(mapping.getInt(0)).isEqualTo(7);
    }

    @Test
    void aFileThatIsTooSmallStaysAsItIs(@TempDir Path directory) throws IOException {
        try (Descriptor file = SharedFiles.createExclusive(directory.resolve("small"), 4096, 0600)) {
            assertThatThrownBy(() -> Mappings.map(file, 4097))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("has 4096 bytes; 4097 were to be mapped");
            assertThat(FileFacts.of(file).bytes()).isEqualTo(4096);
        }
    }

    @Test
    void sizesThatAreNoBufferAreRefused() throws IOException {
        try (Descriptor memfd = Memfd.createSealed(name, 4096)) {
            assertThatThrownBy(() -> Mappings.map(memfd, 1L << 31))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2147483648");
            assertThatThrownBy(() -> Mappings.map(memfd, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatIsNoFileIsNotMapped() throws IOException {
        try (EventFd event = EventFd.create()) {
            assertThatThrownBy(() -> Mappings.map(event.descriptor(), 8))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not a regular file");
        }
    }

    @Test
    void releasingGivesTheSharedMemoryBackAtOnce() throws IOException {
        ByteBuffer mapping = touchedMapping();
        long residentBefore = SystemFacts.residentSharedBytes();
        assertThat(SystemFacts.mapsNaming(name)).hasSize(1);

        Mappings.release(mapping);

        assertThat(SystemFacts.mapsNaming(name)).isEmpty();
        assertThat(residentBefore - SystemFacts.residentSharedBytes()).isGreaterThanOrEqualTo(BYTES);
        assertThat(mapping.get(0)).isZero();
    }

    @Test
    void everyBufferOfAReleasedMappingReadsZerosAndCanBeWritten() throws IOException {
        ByteBuffer mapping = touchedMapping();
        ByteBuffer slice = mapping.slice(BYTES - 100, 100);
        ByteBuffer readOnly = mapping.asReadOnlyBuffer();

        Mappings.release(mapping);

        for (int i = 0; i < BYTES; i += 4096) {
            assertThat(readOnly.get(i)).isZero();
        }
        assertThat(slice.get(99)).isZero();
        slice.put(99, (byte) 5);
        assertThat(mapping.get(BYTES - 1)).isEqualTo((byte) 5);
    }

    @Test
    void releasingLeavesOtherMappingsOfTheMemoryAlone() throws IOException {
        try (Descriptor memfd = Memfd.createSealed(name, BYTES)) {
            ByteBuffer mine = Mappings.map(memfd, BYTES);
            ByteBuffer theirs = Mappings.map(memfd, BYTES);
            mine.put(1, (byte) 9);

            Mappings.release(mine);
            mine.put(1, (byte) 1);

            assertThat(theirs.get(1)).isEqualTo((byte) 9);
        }
    }

    @Test
    void otherThreadsMayTouchTheMappingWhileItIsReleased() throws Exception {
        ByteBuffer mapping = touchedMapping();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicBoolean crossed = new AtomicBoolean();
        Thread toucher = new Thread(() -> {
            for (int i = 0; !stop.get(); i = (i + 4096) % BYTES) {
                byte value = mapping.get(i);
                mapping.put(i, (byte) 3);
                crossed.compareAndSet(false, value == 0);
            }
        });
        toucher.start();
        while (!crossed.get()) {
            Mappings.release(mapping);
        }
        for (int i = 0; i < 100; i++) {
            Mappings.release(mapping);
        }
        stop.set(true);
        toucher.join();

        Mappings.release(mapping);
        assertThat(mapping.get(0)).isZero();
    }

    @Test
    void theAddressRangeIsGivenBackWhenTheLastBufferIsUnreachable() throws IOException {
        long address = releasedMappingThatNobodyHolds();

        while (SystemFacts.isMapped(address, BYTES)) {
            System.gc();
        }
    }

    @Test
    void onlyWholeMappingsAreReleased() throws IOException {
        try (Descriptor memfd = Memfd.createSealed(name, BYTES)) {
            ByteBuffer mapping = Mappings.map(memfd, BYTES);
            mapping.put(100, (byte) 4);

            assertThatThrownBy(() -> Mappings.release(ByteBuffer.allocate(4096)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Mappings.release(mapping.slice(64, 64)))
                    .isInstanceOf(NativeException.class)
                    .hasMessageContaining("mremap(64 bytes) failed: EINVAL");
            assertThat(mapping.get(100)).isEqualTo((byte) 4);
        }
    }

    private ByteBuffer touchedMapping() throws IOException {
        try (Descriptor memfd = Memfd.createSealed(name, BYTES)) {
            ByteBuffer mapping = Mappings.map(memfd, BYTES);
            for (int i = 0; i < BYTES; i++) {
                mapping.put(i, (byte) 7);
            }
            return mapping;
        }
    }

    private long releasedMappingThatNobodyHolds() throws IOException {
        ByteBuffer mapping = touchedMapping();
        Mappings.release(mapping);
        long address = Pointer.nativeValue(Native.getDirectBufferPointer(mapping));
        assertThat(SystemFacts.isMapped(address, BYTES)).isTrue();
        return address;
    }
}
