package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.SliceLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One list, one thread, and another process that is stopped, dies or lies at the worst moments. */
@Timeout(20)
class FreeListTests {

    private static final int SLICES = 5;
    private static final int SLICE_BYTES = 12;

    private final ByteBuffer memory = Regions.memoryFor(SLICES, SLICE_BYTES);
    private final RawList raw = new RawList(memory, SLICE_BYTES);
    private final FreeList list = FreeList.format(memory, Regions.FIRST_LIST, SLICES, SLICE_BYTES);

    @Test
    void slicesAreGivenOutInTheOrderInWhichTheyCameBack() {
        Slice first = list.pop();
        Slice second = list.pop();
        assertThat(raw.index(first)).isZero();
        assertThat(raw.index(second)).isEqualTo(1);
        list.push(second);
        list.push(first);
        assertThat(indexesOfAll()).containsExactly(2, 3, 4, 1);
    }

    @Test
    void theLastFreeSliceIsNeverGivenOut() {
        assertThat(popAll()).hasSize(SLICES - 1);
        assertThat(list.pop()).isNull();
        assertThat(list.free()).isEqualTo(1);
    }

    @Test
    void anExhaustedListRecovers() {
        for (int round = 0; round < 100; round++) {
            List<Slice> all = popAll();
            assertThat(all).hasSize(SLICES - 1);
            all.forEach(list::push);
            assertThat(list.free()).isEqualTo(SLICES);
        }
    }

    @Test
    void aSliceGivenOutIsEmptyAndMarkedInUse() {
        Slice slice = list.pop();
        assertThat(raw.slice(0, SliceLayout.FLAGS)).isEqualTo(SliceLayout.IN_USE);
        slice.extend(5);
        slice.skip(2);
        list.push(slice);
        assertThat(raw.slice(0, SliceLayout.FLAGS)).isZero();
        popAll();
        assertThat(slice.unread()).isZero();
        assertThat(slice.writable()).isEqualTo(SLICE_BYTES);
    }

    /**
     * Brings a thread to the point where it has read that slice 0 is first and slice 1 its next, and stops it.
     * Meanwhile the list is cycled, until the same slice is first again, and slices 3, 1, 4 and 2 follow in this order.
     */
    private Slice stopWhileTheListIsCycled() {
        List<Slice> slices = popAll();
        list.push(slices.get(0));
        slices.add(list.pop());
        for (int index : new int[] {3, 1, 4, 2}) {
            list.push(slices.get(index));
        }
        assertThat(raw.head()).isEqualTo(raw.place(0));
        assertThat(raw.slice(0, SliceLayout.NEXT)).isEqualTo(raw.place(3));
        raw.beginPop();
        return slices.get(0);
    }

    @Test
    void aStopBetweenReadingNextAndTheExchangeDoesNotMisleadTheHead() {
        Slice zero = stopWhileTheListIsCycled();
        raw.header(FreeListLayout.HEAD, raw.place(1));
        assertThat(list.settleHead(raw.place(0), raw.place(1))).isTrue();
        assertThat(raw.head()).isEqualTo(raw.place(3));

        assertThat(zero.claim()).isTrue();
        list.push(zero);
        assertThat(list.free()).isEqualTo(SLICES);
        assertThat(indexesOfAll()).containsExactly(3, 1, 4, 2);
    }

    @Test
    void aSliceTakenFromUnderAMisledHeadCutsNothingOff() {
        Slice zero = stopWhileTheListIsCycled();
        raw.header(FreeListLayout.HEAD, raw.place(1));
        Slice one = list.pop();
        assertThat(raw.index(one)).isEqualTo(1);
        assertThat(list.settleHead(raw.place(0), raw.place(1))).isTrue();

        assertThat(zero.claim()).isTrue();
        list.push(zero);
        list.push(one);
        assertThat(list.free()).isEqualTo(SLICES);
        assertThat(indexesOfAll()).as("3 lay between 0 and 1").containsExactly(4, 2, 3, 0);
    }

    @Test
    void aStopUntilTheSliceIsFirstAndLastGivesItBack() {
        List<Slice> slices = popAll();
        list.push(slices.remove(0));
        slices.add(list.pop());
        assertThat(raw.head()).isEqualTo(raw.tail()).isEqualTo(raw.place(0));

        raw.header(FreeListLayout.HEAD, raw.place(1));
        assertThat(list.settleHead(raw.place(0), raw.place(1))).isFalse();
        assertThat(raw.head()).isEqualTo(raw.place(0));
        slices.forEach(list::push);
        assertThat(list.free()).isEqualTo(SLICES);
        assertThat(indexesOfAll()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aStopUntilTheSliceIsFirstAndLastCutsNothingOffWhenOthersGoOn() {
        List<Slice> slices = popAll();
        list.push(slices.get(0));
        slices.add(list.pop());
        raw.beginPop();
        raw.header(FreeListLayout.HEAD, raw.place(1));
        for (int index : new int[] {3, 1, 2}) {
            list.push(slices.get(index));
        }
        assertThat(raw.index(list.pop())).isEqualTo(1);

        assertThat(list.settleHead(raw.place(0), raw.place(1))).isTrue();
        assertThat(slices.get(0).claim()).isTrue();
        for (int index : new int[] {0, 1, 4}) {
            list.push(slices.get(index));
        }
        assertThat(list.free()).isEqualTo(SLICES);
        assertThat(indexesOfAll()).containsExactly(2, 3, 0, 1);
    }

    @Test
    void aStopOverAListThatIsDestroyedMeanwhileIsCorruptOrHarmless() {
        stopWhileTheListIsCycled();
        for (int next : new int[] {raw.place(3), 7, -1, Integer.MAX_VALUE}) {
            raw.slice(3, SliceLayout.NEXT, next);
            raw.header(FreeListLayout.HEAD, raw.place(4));
            try {
                assertThat(list.settleHead(raw.place(0), raw.place(1))).isTrue();
            } catch (CorruptMemoryException e) {
                assertThat(e).hasMessageContaining("next " + Integer.toUnsignedString(next));
            }
        }
    }

    @Test
    void aSliceInUseThatStandsAtTheHeadForAMomentIsNotGivenOut() {
        Slice one = popAll().get(1);
        list.push(one);
        int head = raw.head();
        raw.header(FreeListLayout.SIZE, 3);
        raw.header(FreeListLayout.HEAD, raw.place(2));
        raw.slice(2, SliceLayout.FLAGS, SliceLayout.IN_USE | SliceLayout.HAS_NEXT);
        raw.slice(2, SliceLayout.NEXT, raw.offset(3));
        assertThat(list.pop()).isNull();
        assertThat(raw.head()).isEqualTo(raw.place(2));

        raw.header(FreeListLayout.HEAD, head);
        assertThat(raw.index(list.pop())).isEqualTo(4);
    }

    @Test
    void aListThatIsCutIsGivenUpAndGoesOnWhenItIsWhole() {
        Slice stuck = list.pop();
        Slice behind = list.pop();
        int before = raw.beginPush(raw.index(stuck));
        stuck.unclaim();
        list.push(behind);
        assertThat(indexesOfAll()).as("the list is cut behind slice 4").containsExactly(2, 3);
        assertThat(popAll()).isEmpty();
        assertThat(list.free()).isEqualTo(SLICES - 1);

        raw.endPush(raw.index(stuck), before);
        assertThat(indexesOfAll()).containsExactly(4, 0, 1, 2);
    }

    @Test
    void aListThatStaysCutIsStalledAndOneThatGoesOnIsNot() {
        Slice last = list.pop();
        int before = raw.beginPush(raw.index(last));
        while (list.pop() != null) {
            assertThat(list.isStalled()).isFalse();
        }
        assertThat(list.isStalled()).as("at once").isFalse();
        raw.header(FreeListLayout.SIZE, SLICES);
        assertThat(list.pop()).isNull();
        await().atLeast(Duration.ofMillis(500)).until(list::isStalled);
        raw.endPush(raw.index(last), before);
        assertThat(list.isStalled()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -32, 1, 31, 5 * 32, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aHeadWhereNoSliceBeginsIsCorrupt(int head) {
        raw.header(FreeListLayout.HEAD, head);
        assertThatThrownBy(list::pop)
                .isInstanceOf(CorruptMemoryException.class)
                .hasMessageContaining("head " + Integer.toUnsignedString(head));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -32, 1, 31, 5 * 32, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aTailWhereNoSliceBeginsIsCorrupt(int tail) {
        Slice slice = list.pop();
        raw.header(FreeListLayout.TAIL, tail);
        assertThatThrownBy(() -> list.push(slice))
                .isInstanceOf(CorruptMemoryException.class)
                .hasMessageContaining("tail " + Integer.toUnsignedString(tail));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 7, 5 * 32, Integer.MAX_VALUE})
    void aNextWhereNoSliceBeginsIsCorruptOnceItIsTheHead(int next) {
        raw.slice(0, SliceLayout.NEXT, next);
        list.pop();
        assertThatThrownBy(list::pop).isInstanceOf(CorruptMemoryException.class);
    }

    @Test
    void aSliceThatIsGivenOutTwiceIsCorrupt() {
        list.pop();
        raw.slice(0, SliceLayout.FLAGS, SliceLayout.HAS_NEXT);
        raw.header(FreeListLayout.HEAD, 0);
        assertThatThrownBy(list::pop)
                .isInstanceOf(CorruptMemoryException.class)
                .hasMessageContaining("which is in use");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, Integer.MIN_VALUE})
    void aSizeThatSaysNothingIsFreeIsBelieved(int size) {
        raw.header(FreeListLayout.SIZE, size);
        assertThat(list.pop()).isNull();
        assertThat(list.free()).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(ints = {SLICES + 1, 1 << 20, Integer.MAX_VALUE})
    void aSizeThatPromisesTooMuchEndsAtTheTail(int size) {
        raw.header(FreeListLayout.SIZE, size);
        assertThat(popAll()).hasSize(SLICES - 1);
        assertThat(list.pop()).isNull();
    }

    @Test
    void aLoopOfFreeSlicesIsNoticed() {
        raw.slice(1, SliceLayout.NEXT, raw.place(0));
        raw.header(FreeListLayout.SIZE, 1000);
        list.pop();
        list.pop();
        assertThat(list.pop()).as("slice 0 is in use and stands at the head").isNull();
    }

    private List<Slice> popAll() {
        List<Slice> all = new ArrayList<>();
        Slice slice = list.pop();
        while (slice != null) {
            all.add(slice);
            slice = list.pop();
        }
        return all;
    }

    private List<Integer> indexesOfAll() {
        List<Slice> all = popAll();
        List<Integer> indexes = all.stream().map(raw::index).toList();
        all.forEach(list::push);
        return indexes;
    }
}
