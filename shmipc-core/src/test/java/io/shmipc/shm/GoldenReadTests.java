package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real peer wrote, read as its server would. */
@Timeout(20)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64", disabledReason = "queues differ on aarch64")
class GoldenReadTests {

    @ParameterizedTest
    @CsvSource({
        Golden.CREATED + ", 599",
        Golden.ONE_MESSAGE + ", 598",
        Golden.CHAIN + ", 595",
        Golden.SECOND_STREAM_AND_CLOSE + ", 594",
        Golden.AFTER_FALLBACK + ", 594"
    })
    void theGeometryIsReadAndTheFreeSlicesAreCounted(String step, int free) {
        Region region = Region.read(Golden.region(step));
        assertThat(region.totalSlices()).isEqualTo(511 + 76 + 12);
        assertThat(region.capacityBytes()).isEqualTo(511 * 1004 + 76 * 4076 + 12 * 16364);
        assertThat(region.largestSliceBytes()).isEqualTo(16364);
        assertThat(region.freeSlices()).isEqualTo(free);
    }

    @Test
    void theQueuesOfANewSessionAreEmpty() {
        QueuePair queues = QueuePair.read(Golden.queue(Golden.CREATED));
        assertThat(queues.send().capacity()).isEqualTo(Golden.QUEUE_CAPACITY);
        assertThat(queues.receive().isEmpty()).isTrue();
        assertThat(queues.receive().take()).isZero();
        assertThat(queues.send().pending()).isZero();
    }

    @Test
    void everyElementArrivesInOrder() {
        ReceiveQueue queue =
                QueuePair.read(Golden.queue(Golden.SECOND_STREAM_AND_CLOSE)).receive();
        assertThat(queue.pending()).isEqualTo(4);
        assertThat(queue.take()).isEqualTo(4);
        assertElement(queue, 0, 2, 44, 0);
        assertElement(queue, 1, 2, 834_676, 0);
        assertElement(queue, 2, 3, 523_344, 0);
        assertElement(queue, 3, 2, 0, 1);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void everyMessageHasTheBytesThatWereSent() {
        String step = Golden.SECOND_STREAM_AND_CLOSE;
        Region region = Region.read(Golden.region(step));
        ReceiveQueue queue = QueuePair.read(Golden.queue(step)).receive();
        queue.take();

        ChainReader stream2 = new ChainReader(region, new Arrivals());
        stream2.append(region.receive(queue.offset(0)));
        stream2.append(region.receive(queue.offset(1)));
        assertThat(stream2.length()).isEqualTo(40_100);
        assertThat(stream2.readBytes(100)).isEqualTo(bytes(100, 1));
        assertThat(stream2.readBytes(40_000)).isEqualTo(bytes(40_000, 2));

        ChainReader stream3 = new ChainReader(region, new Arrivals());
        stream3.append(region.receive(queue.offset(2)));
        assertThat(stream3.readBytes(3000)).isEqualTo(bytes(3000, 3));
        assertThat(stream3.readString(stream3.length())).isEqualTo("hello, shared memory");

        stream2.recycle();
        stream3.recycle();
        assertThat(region.freeSlices()).isEqualTo(region.totalSlices());
    }

    @Test
    void whatTheFallbackGaveBackCanBeAllocatedToTheLastSliceButOne() {
        Region region = Region.read(Golden.region(Golden.AFTER_FALLBACK));
        int given = 0;
        while (region.allocate(1) != null) {
            given++;
        }
        assertThat(given).isEqualTo(594 - 3);
    }

    private static void assertElement(ReceiveQueue queue, int index, int streamId, int offset, int state) {
        assertThat(queue.streamId(index)).isEqualTo(streamId);
        assertThat(queue.offset(index)).isEqualTo(offset);
        assertThat(queue.state(index)).isEqualTo(state);
    }

    private static ByteBuffer bytes(int size, int seed) {
        return ByteBuffer.wrap(Regions.pattern(size, seed));
    }
}
