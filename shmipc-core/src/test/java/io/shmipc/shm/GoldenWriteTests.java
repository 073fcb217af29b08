package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.SliceSize;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The steps of a real peer, taken here: byte for byte the same memory.
 *
 * <p>Left out are the 16 bytes from 20 to 35 of each list's header, and nothing else: they are for monitoring only, the
 * peers disagree on where they are, and nothing here writes them.
 */
@Timeout(20)
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64|x86_64", disabledReason = "queues differ on aarch64")
class GoldenWriteTests {

    private static final int COUNTERS = 20;
    private static final List<SliceSize> SLICE_SIZES =
            List.of(new SliceSize(1004, 50), new SliceSize(4076, 30), new SliceSize(16364, 20));

    private int exhaustions;
    private final ByteBuffer regionMemory = Regions.memory(Golden.REGION_BYTES);
    private final ByteBuffer queueMemory = Regions.memory((int) QueuePair.mappingBytes(Golden.QUEUE_CAPACITY));
    private final Region region = Region.format(regionMemory, SLICE_SIZES);
    private final SendQueue queue =
            QueuePair.format(queueMemory, Golden.QUEUE_CAPACITY).send();
    private final ChainWriter writer = new ChainWriter(region, () -> exhaustions++);

    @Test
    void creatingWritesTheSameBytes() {
        assertSameRegion(Golden.CREATED);
        assertSameQueue(Golden.CREATED);
    }

    @Test
    void oneMessageWritesTheSameBytes() {
        sendOneMessage();
        assertSameRegion(Golden.ONE_MESSAGE);
        assertSameQueue(Golden.ONE_MESSAGE);
    }

    @Test
    void aChainWritesTheSameBytes() {
        sendOneMessage();
        sendChain();
        assertSameRegion(Golden.CHAIN);
        assertSameQueue(Golden.CHAIN);
    }

    @Test
    void aSecondStreamAndACloseWriteTheSameBytes() {
        sendOneMessage();
        sendChain();
        sendReservedAndString();
        assertSameRegion(Golden.SECOND_STREAM_AND_CLOSE);
        assertSameQueue(Golden.SECOND_STREAM_AND_CLOSE);
    }

    @Test
    void aMessageThatDoesNotFitLeavesTheSameBytes() {
        sendOneMessage();
        sendChain();
        sendReservedAndString();
        writer.writeBytes(Regions.pattern((int) region.capacityBytes(), 4));
        assertThat(writer.isShared()).isFalse();
        assertThat(exhaustions).isPositive();
        writer.recycle();
        assertSameRegion(Golden.AFTER_FALLBACK);
    }

    private void sendOneMessage() {
        writer.writeBytes(Regions.pattern(100, 1));
        flush(2);
        assertThat(queue.mustWake()).as("the peer sleeps at first").isTrue();
    }

    private void sendChain() {
        writer.writeBytes(Regions.pattern(40_000, 2));
        flush(2);
        assertThat(queue.mustWake()).as("it was woken and has not slept since").isFalse();
    }

    private void sendReservedAndString() {
        writer.reserve(3000).put(Regions.pattern(3000, 3));
        writer.writeString("hello, shared memory");
        flush(3);
        assertThat(queue.put(2, 0, 1, 0)).isEqualTo(SendQueue.Outcome.PUT);
    }

    private void flush(int streamId) {
        Slice chain = writer.chain();
        Region.handOver(chain);
        assertThat(queue.put(streamId, chain.headerOffset(), 0, 0)).isEqualTo(SendQueue.Outcome.PUT);
        writer.forget();
    }

    private void assertSameRegion(String step) {
        assertSame(withoutCounters(regionMemory), withoutCounters(Golden.region(step)), "region-" + step);
    }

    private void assertSameQueue(String step) {
        assertSame(bytesOf(queueMemory), bytesOf(Golden.queue(step)), "queue-" + step);
    }

    private static byte[] withoutCounters(ByteBuffer memory) {
        byte[] bytes = bytesOf(memory);
        int list = RegionLayout.HEADER_BYTES;
        for (int i = 0; i < SLICE_SIZES.size(); i++) {
            Arrays.fill(bytes, list + COUNTERS, list + FreeListLayout.HEADER_BYTES, (byte) 0);
            int capacity = memory.getInt(list + FreeListLayout.CAPACITY);
            list += (int) FreeListLayout.listBytes(capacity, SLICE_SIZES.get(i).bytes());
        }
        return bytes;
    }

    private static byte[] bytesOf(ByteBuffer memory) {
        byte[] bytes = new byte[memory.capacity()];
        memory.get(0, bytes);
        return bytes;
    }

    /** Names the first difference, which a comparison of a megabyte would bury. */
    private static void assertSame(byte[] mine, byte[] theirs, String name) {
        int at = Arrays.mismatch(mine, theirs);
        if (at >= 0) {
            int to = Math.min(at + 32, Math.min(mine.length, theirs.length));
            assertThat(HexFormat.of().formatHex(mine, at, to))
                    .as("%s from byte %d", name, at)
                    .isEqualTo(HexFormat.of().formatHex(theirs, at, to));
        }
        assertThat(at).as(name).isEqualTo(-1);
    }
}
