package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.channel.Connection;
import io.shmipc.layout.Cells;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import io.shmipc.session.Duo;
import io.shmipc.session.Payload;
import io.shmipc.session.Variant;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.SharedRegion;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Mappings;
import io.shmipc.sys.Memfd;
import io.shmipc.sys.OddDescriptors;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that pass other descriptors than their memory: they are refused, and the server keeps none of them. */
@Timeout(20)
class HostileDescriptorsTests {

    private static final int QUEUE_CAPACITY = 64;
    private static final long MORE_THAN_ALLOWED = 3L << 30;

    private final ShmipcConfig config = ShmipcConfig.builder()
            .memoryType(MemoryType.MEMFD)
            .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
            .build();
    private final Path directory = Duo.temporaryDirectory();
    private final SharedRegion region = SharedRegion.create(config, "region");
    private final SharedMemory queueMemory =
            SharedMemory.create(MemoryType.MEMFD, "queue", QueuePair.mappingBytes(QUEUE_CAPACITY), 0600);
    private final Descriptor buffer = region.memory().descriptor();
    private final Descriptor queue = queueMemory.descriptor();
    private Duo duo;
    private int filesBefore;

    @BeforeEach
    void open() {
        QueuePair.format(queueMemory.bytes(), QUEUE_CAPACITY);
        duo = Duo.of(Variant.USUAL).echo().open();
        assertServed();
        filesBefore = OpenFiles.count();
    }

    @AfterEach
    void nothingIsKept() {
        assertServed();
        await().untilAsserted(() -> {
            assertThat(OpenFiles.count()).isLessThanOrEqualTo(filesBefore);
            assertThat(duo.listener().sessions()).hasSize(1);
        });
        duo.close();
        queueMemory.release();
        region.memory().release();
        Duo.delete(directory);
    }

    private void assertServed() {
        duo.manager().execute(stream -> {
            Payload.roundTrip(stream, Payload.of(1000, 3));
            return true;
        });
    }

    /** What is passed where the region and then the queues are awaited. */
    private enum Passed {
        THE_REGION_ALONE,
        ONE_MORE,
        THE_OTHER_WAY_ROUND,
        THE_REGION_TWICE,
        A_SOCKET,
        A_PIPE,
        A_DIRECTORY,
        READ_ONLY_QUEUES,
        A_READ_ONLY_REGION,
        NO_BYTES,
        MORE_THAN_ALLOWED_BYTES,
        MORE_SLICES_THAN_POSSIBLE
    }

    @Test
    void theRegionAndTheQueuesAreAccepted() throws IOException {
        assertThat(isAccepted(buffer, queue)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anythingElseIsRefused(Passed passed) throws Exception {
        try (Descriptor odd = odd(passed)) {
            boolean accepted = switch (passed) {
                case THE_REGION_ALONE -> isAccepted(buffer);
                case ONE_MORE -> isAccepted(buffer, queue, odd);
                case THE_OTHER_WAY_ROUND -> isAccepted(queue, buffer);
                case THE_REGION_TWICE -> isAccepted(buffer, buffer);
                case A_READ_ONLY_REGION, MORE_THAN_ALLOWED_BYTES, MORE_SLICES_THAN_POSSIBLE -> isAccepted(odd, queue);
                default -> isAccepted(buffer, odd);
            };
            assertThat(accepted).isFalse();
        }
    }

    private Descriptor odd(Passed passed) throws Exception {
        return switch (passed) {
            case A_SOCKET -> connect();
            case A_PIPE -> pipe();
            case A_DIRECTORY -> OddDescriptors.directory();
            case READ_ONLY_QUEUES -> OddDescriptors.readOnly(queue);
            case A_READ_ONLY_REGION -> OddDescriptors.readOnly(buffer);
            case MORE_THAN_ALLOWED_BYTES -> sparse(MORE_THAN_ALLOWED);
            case MORE_SLICES_THAN_POSSIBLE -> manySlices();
            default -> sparse(0);
        };
    }

    private Descriptor pipe() throws Exception {
        Path path = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        Descriptor pipe = OddDescriptors.pipe(path);
        Files.delete(path);
        return pipe;
    }

    private static Descriptor sparse(long bytes) throws IOException {
        Descriptor memfd = Memfd.create("sparse", Memfd.CLOEXEC);
        try (RandomAccessFile file = new RandomAccessFile(memfd.procPath().toFile(), "rw")) {
            file.setLength(bytes);
        }
        return memfd;
    }

    /** A region whose first page says that it has 80 million slices: the client makes no more than that page. */
    private static Descriptor manySlices() throws IOException {
        Descriptor memfd = sparse(Integer.MAX_VALUE);
        ByteBuffer memory = Mappings.map(memfd, Integer.MAX_VALUE);
        int capacity = 80_000_000;
        int list = RegionLayout.HEADER_BYTES;
        Cells.storePlain(memory, list + FreeListLayout.CAPACITY, capacity);
        Cells.storePlain(memory, list + FreeListLayout.SLICE_BYTES, Integer.BYTES);
        Cells.storePlain(memory, RegionLayout.LISTS, 1);
        Cells.storePlain(memory, RegionLayout.USED_BYTES, (int) FreeListLayout.listBytes(capacity, Integer.BYTES));
        Mappings.release(memory);
        return memfd;
    }

    @Test
    void queuesThatASessionUsesAreRefusedToAnother() throws IOException {
        ShmipcAddress address = duo.listener().address();
        try (Descriptor socket = connect()) {
            assertThat(MemfdHandshake.perform(
                            new Connection(socket, address, address, Duration.ofSeconds(5)), buffer, queue))
                    .isTrue();
            assertThat(isAccepted(buffer, queue)).isFalse();
        }
        await().until(() -> isAccepted(buffer, queue));
    }

    private Descriptor connect() throws IOException {
        return Sockets.connectUnix(duo.listener().address().target(), -1);
    }

    private boolean isAccepted(Descriptor... passed) throws IOException {
        ShmipcAddress address = duo.listener().address();
        try (Descriptor socket = connect()) {
            return MemfdHandshake.perform(new Connection(socket, address, address, Duration.ofSeconds(5)), passed);
        }
    }
}
