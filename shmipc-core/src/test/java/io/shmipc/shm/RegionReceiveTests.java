package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.Reason;
import io.shmipc.layout.SliceLayout;
import java.nio.ByteBuffer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chains that a hostile peer publishes. */
@Timeout(20)
class RegionReceiveTests {

    private static final int SLICES = 4;
    private static final int SLICE_BYTES = 12;

    private final ByteBuffer memory = Regions.memoryFor(SLICES, SLICE_BYTES);
    private final RawList raw = new RawList(memory, SLICE_BYTES);
    private final Region peer = Regions.format(memory, SLICE_BYTES);
    private final Region region = Region.read(memory);

    /** Publishes a chain of slices 0 and 1, full, and returns nothing: its offset is that of slice 0. */
    @BeforeEach
    void publishAChain() {
        ChainWriter writer = new ChainWriter(peer, () -> {});
        writer.writeBytes(Regions.pattern(2 * SLICE_BYTES, 3));
        Region.handOver(writer.chain());
        writer.forget();
    }

    @Test
    void aChainArrivesAsItWasSent() {
        Slice first = region.receive(raw.offset(0));
        assertThat(Pipe.bytesOf(first)).isEqualTo(Regions.pattern(2 * SLICE_BYTES, 3));
        region.recycle(first);
        assertThat(region.freeSlices()).isEqualTo(SLICES);
    }

    @Test
    void bytesBeginWhereTheHeaderSays() {
        raw.slice(0, SliceLayout.START, 5);
        raw.slice(0, SliceLayout.SIZE, 7);
        Slice first = region.receive(raw.offset(0));
        assertThat(first.unread()).isEqualTo(7);
        assertThat(first.memory().get(first.readPosition())).isEqualTo(Regions.pattern(6, 3)[5]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 43, 45, 44 + 31, 44 + 4 * 32, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void anOffsetWhereNoSliceBeginsIsRefused(int offset) {
        assertCorrupt(offset).hasMessageContaining("offset " + Integer.toUnsignedString(offset));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 43, 44 + 4 * 32, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aNextWhereNoSliceBeginsIsRefused(int next) {
        raw.slice(0, SliceLayout.NEXT, next);
        assertCorrupt(raw.offset(0)).hasMessageContaining("offset " + Integer.toUnsignedString(next));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 13",
        "13, 0",
        "1, 12",
        "12, 1",
        "-1, 1",
        "0, -1",
        "2147483647, 2147483647",
        "-2147483648, -2147483648",
        "4, 2147483647"
    })
    void aStartOrSizeBeyondTheSliceIsRefused(int start, int size) {
        raw.slice(1, SliceLayout.START, start);
        raw.slice(1, SliceLayout.SIZE, size);
        assertCorrupt(raw.offset(0))
                .hasMessageContaining("start " + Integer.toUnsignedString(start))
                .hasMessageContaining("size " + Integer.toUnsignedString(size));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 11, 13, -1, Integer.MAX_VALUE})
    void aCapacityOfAnotherListIsRefused(int capacity) {
        raw.slice(0, SliceLayout.CAPACITY, capacity);
        assertCorrupt(raw.offset(0)).hasMessageContaining("capacity " + Integer.toUnsignedString(capacity));
    }

    @Test
    void aChainThatLoopsIsRefused() {
        raw.slice(1, SliceLayout.NEXT, raw.offset(0));
        raw.slice(1, SliceLayout.FLAGS, SliceLayout.IN_USE | SliceLayout.HAS_NEXT);
        assertCorrupt(raw.offset(0));
    }

    @Test
    void aSliceThatIsItsOwnNextIsRefused() {
        raw.slice(0, SliceLayout.NEXT, raw.offset(0));
        assertCorrupt(raw.offset(0)).hasMessageContaining("in use");
    }

    @Test
    void aSliceThatIsInUseHereIsRefused() {
        Slice mine = region.allocate(1);
        assertCorrupt(mine.headerOffset()).hasMessageContaining("in use here");
    }

    @Test
    void aChainThatArrivesTwiceIsRefused() {
        region.receive(raw.offset(0));
        assertCorrupt(raw.offset(0)).hasMessageContaining("in use here");
    }

    private AbstractThrowableAssert<?, ?> assertCorrupt(int offset) {
        return assertThatThrownBy(() -> region.receive(offset))
                .isInstanceOfSatisfying(
                        CorruptMemoryException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.PROTOCOL_VIOLATION));
    }
}
