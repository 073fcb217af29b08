package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.ShmipcConfig;
import io.shmipc.SliceSize;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import io.shmipc.layout.SliceLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions that are made here are read as they were made; regions that make no sense are refused. */
@Timeout(20)
class RegionGeometryTests {

    private final ByteBuffer memory = Regions.memory(4096);
    private final Region made = Region.format(memory, List.of(new SliceSize(64, 60), new SliceSize(256, 40)));

    static Stream<ShmipcConfig> configs() {
        ShmipcConfig.Builder small = ShmipcConfig.builder().regionBytes(ShmipcConfig.MIN_REGION_BYTES);
        return Stream.of(
                ShmipcConfig.defaults(),
                small.sliceSizes(List.of(new SliceSize(1004, 50), new SliceSize(4076, 30), new SliceSize(16364, 20)))
                        .build(),
                small.sliceSizes(List.of(new SliceSize(4, 1), new SliceSize(8, 99)))
                        .build(),
                small.sliceSizes(List.of(new SliceSize(500_000, 100))).build());
    }

    @ParameterizedTest
    @MethodSource("configs")
    void aRegionIsReadAsItWasMade(ShmipcConfig config) {
        ByteBuffer bytes = Regions.memory((int) config.regionBytes());
        Region region = Region.format(bytes, config.sliceSizes());
        Region read = Region.read(bytes);
        assertThat(read.totalSlices()).isEqualTo(region.totalSlices());
        assertThat(read.capacityBytes()).isEqualTo(region.capacityBytes());
        assertThat(read.largestSliceBytes()).isEqualTo(region.largestSliceBytes());
        assertThat(read.freeSlices()).isEqualTo(read.totalSlices());
        assertThat(read.inUseBytes()).isZero();
        assertThat(read.allocate(1)).isNotNull();
        assertThat(region.inUseBytes()).isPositive();
    }

    @Test
    void theDefaultsGiveTheSameListsAsEveryPeer() {
        ByteBuffer bytes = Regions.memory(32 << 20);
        Region region = Region.format(bytes, ShmipcConfig.defaults().sliceSizes());
        int usable = (32 << 20) - 3 * 36 - 8;
        assertThat(region.totalSlices())
                .isEqualTo((int) (usable * 50L / 100 / 8192)
                        + (int) (usable * 30L / 100 / 32768)
                        + (int) (usable * 20L / 100 / 131_072));
    }

    @Test
    void theSmallestSliceThatHoldsTheBytesIsTakenThenALargerOne() {
        assertThat(made.allocate(64).capacity()).isEqualTo(64);
        assertThat(made.allocate(65).capacity()).isEqualTo(256);
        assertThat(made.allocate(257)).isNull();
        Slice slice = made.allocate(1);
        while (slice.capacity() == 64) {
            slice = made.allocate(1);
        }
        assertThat(slice.capacity()).isEqualTo(256);
    }

    @Test
    void theLargestSlicesGoFirstWhenTheyAreWanted() {
        assertThat(made.allocateLargest().capacity()).isEqualTo(256);
        Slice slice = made.allocateLargest();
        while (slice.capacity() == 256) {
            slice = made.allocateLargest();
        }
        assertThat(slice.capacity()).isEqualTo(64);
    }

    @Test
    void whatAPeerWritesOverTheGeometryLaterHasNoEffect() {
        Region read = Region.read(memory);
        memory.putInt(RegionLayout.LISTS, 77);
        memory.putInt(Regions.FIRST_LIST + FreeListLayout.CAPACITY, Integer.MAX_VALUE);
        memory.putInt(Regions.FIRST_LIST + FreeListLayout.SLICE_BYTES, 1 << 30);
        Slice slice = read.allocate(1);
        assertThat(slice.capacity()).isEqualTo(64);
        read.recycle(slice);
        assertThat(read.totalSlices()).isEqualTo(made.totalSlices());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 257, 65_535, 3})
    void aCountOfListsThatCannotBeIsRefused(int lists) {
        memory.putInt(RegionLayout.LISTS, lists);
        assertCorrupt(memory);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 4096, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void usedBytesThatDoNotMatchTheListsAreRefused(int used) {
        memory.putInt(RegionLayout.USED_BYTES, used);
        assertCorrupt(memory);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 64",
        "-1, 64",
        "2147483647, 64",
        "2147483647, 2147483644",
        "1, 0",
        "1, -4",
        "1, 63",
        "1, 2147483644",
        "1000000, 4"
    })
    void aListThatCannotBeIsRefused(int capacity, int sliceBytes) {
        memory.putInt(Regions.FIRST_LIST + FreeListLayout.CAPACITY, capacity);
        memory.putInt(Regions.FIRST_LIST + FreeListLayout.SLICE_BYTES, sliceBytes);
        assertCorrupt(memory);
    }

    @Test
    void listsThatDoNotAscendAreRefused() {
        int second = Regions.FIRST_LIST + (int) FreeListLayout.listBytes(countOf(64), 64);
        assertThat(memory.getInt(second + FreeListLayout.SLICE_BYTES)).isEqualTo(256);
        memory.putInt(second + FreeListLayout.SLICE_BYTES, 64);
        assertCorrupt(memory);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8, 43})
    void memoryWithoutRoomForAListIsRefused(int bytes) {
        assertCorrupt(Regions.memory(bytes));
    }

    private int countOf(int sliceBytes) {
        int slices = memory.getInt(Regions.FIRST_LIST + FreeListLayout.CAPACITY);
        assertThat(memory.getInt(Regions.FIRST_LIST + FreeListLayout.HEADER_BYTES + SliceLayout.CAPACITY))
                .isEqualTo(sliceBytes);
        return slices;
    }

    private static void assertCorrupt(ByteBuffer memory) {
        assertThatThrownBy(() -> Region.read(memory)).isInstanceOf(CorruptMemoryException.class);
    }
}
