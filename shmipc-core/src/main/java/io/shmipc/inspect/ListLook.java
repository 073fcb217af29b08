package io.shmipc.inspect;

import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.SliceLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One look at one list: a walk along its free slices between two scans of all its slices.
 *
 * <p>Other processes go on meanwhile, so a single look proves little; {@link RegionExaminer} looks again. Each step is
 * bounded by the number of slices.
 */
final class ListLook {

    private static final int MAX_PROBLEMS = 1000;

    private final Words words;
    private final ListGeometry list;
    private final int head;
    private final int tail;
    private final int size;
    private final BitSet onList;
    private final BitSet unaccounted;
    private final List<HeldSlice> held = new ArrayList<>();
    private int heldCount;
    private final List<Problem> problems = new ArrayList<>();
    private FreeListState state = FreeListState.COMPLETE;
    private int endedAt;
    private @Nullable Problem walkProblem;

    ListLook(Words words, ListGeometry list) {
        this.words = words;
        this.list = list;
        onList = new BitSet(list.capacity());
        unaccounted = new BitSet(list.capacity());
        head = header(FreeListLayout.HEAD);
        tail = header(FreeListLayout.TAIL);
        size = header(FreeListLayout.SIZE);
        scanBefore();
        walk();
        scan();
        unaccounted.andNot(onList);
        compareSize();
    }

    private int header(int field) {
        return words.at(list.header() + field);
    }

    private int slice(int index, int field) {
        return words.at(list.offsetOf(index) + field);
    }

    private void scanBefore() {
        for (int i = 0; i < list.capacity(); i++) {
            unaccounted.set(i, (slice(i, SliceLayout.FLAGS) & SliceLayout.IN_USE) == 0);
        }
    }

    private void walk() {
        int index = list.indexOfPlace(head);
        if (index < 0) {
            end(FreeListState.CORRUPT, Problem.Kind.LIST_CORRUPT, list.header() + FreeListLayout.HEAD, nowhere(head));
            return;
        }
        while (true) {
            int offset = list.offsetOf(index);
            if (onList.get(index)) {
                end(FreeListState.LOOPS, Problem.Kind.LIST_LOOP, offset, "leads back to the slice at " + offset + ".");
                return;
            }
            int flags = slice(index, SliceLayout.FLAGS);
            if ((flags & SliceLayout.IN_USE) != 0) {
                end(
                        FreeListState.CORRUPT,
                        Problem.Kind.LIST_CORRUPT,
                        offset,
                        "leads to the slice at " + offset + ", which is flagged in use.");
                return;
            }
            onList.set(index);
            if ((flags & SliceLayout.HAS_NEXT) == 0) {
                endWithoutNext(index);
                return;
            }
            int next = slice(index, SliceLayout.NEXT);
            index = list.indexOfPlace(next);
            if (index < 0) {
                end(FreeListState.CORRUPT, Problem.Kind.LIST_CORRUPT, offset, nowhere(next));
                return;
            }
        }
    }

    private void endWithoutNext(int index) {
        int tailNow = header(FreeListLayout.TAIL);
        int place = index * list.stride();
        if (place == tailNow) {
            return;
        }
        int offset = list.offsetOf(index);
        if (list.indexOfPlace(tailNow) < 0) {
            end(
                    FreeListState.CORRUPT,
                    Problem.Kind.LIST_CORRUPT,
                    list.header() + FreeListLayout.TAIL,
                    "has its tail at " + Integer.toUnsignedString(tailNow) + ", where no slice begins.");
        } else {
            end(
                    FreeListState.CUT,
                    Problem.Kind.LIST_CUT,
                    offset,
                    "is cut at " + offset + ": the slice there has no successor, but the tail is at "
                            + (list.firstSlice() + tailNow)
                            + ". Somebody was stopped, or died, while giving a slice back; what is behind the cut cannot be"
                            + " allocated.");
        }
    }

    private static String nowhere(int place) {
        return "leads to " + Integer.toUnsignedString(place) + " bytes after its first slice, where no slice begins.";
    }

    private void end(FreeListState how, Problem.Kind kind, int offset, String what) {
        state = how;
        endedAt = offset;
        walkProblem = new Problem(kind, offset, "The free list of " + list.sliceBytes() + " B slices " + what);
        add(walkProblem);
    }

    private void scan() {
        for (int i = 0; i < list.capacity(); i++) {
            int flags = slice(i, SliceLayout.FLAGS);
            if ((flags & SliceLayout.IN_USE) == 0) {
                checkCapacity(i);
                continue;
            }
            unaccounted.clear(i);
            if (held.size() < ListReport.MAX_DETAILS) {
                scanHeld(i, flags);
            } else {
                heldCount++;
            }
        }
    }

    private void scanHeld(int index, int flags) {
        int sliceSize = slice(index, SliceLayout.SIZE);
        int start = slice(index, SliceLayout.START);
        int next = slice(index, SliceLayout.NEXT);
        if (slice(index, SliceLayout.FLAGS) != flags) {
            return;
        }
        int offset = list.offsetOf(index);
        boolean hasNext = (flags & SliceLayout.HAS_NEXT) != 0;
        heldCount++;
        held.add(new HeldSlice(offset, sliceSize, start, hasNext ? next : HeldSlice.NONE));
        if (hasNext && next == HeldSlice.NONE) {
            add(new Problem(
                    Problem.Kind.CHAIN,
                    offset,
                    "The slice at " + offset + " has a successor at 0, where no slice begins."));
        }
        checkData(index, sliceSize, start);
        checkCapacity(index);
    }

    private void checkCapacity(int index) {
        int capacity = slice(index, SliceLayout.CAPACITY);
        if (capacity != list.sliceBytes()) {
            add(new Problem(
                    Problem.Kind.SLICE_HEADER,
                    list.offsetOf(index),
                    "The slice at " + list.offsetOf(index) + " tells a capacity of "
                            + Integer.toUnsignedString(capacity) + " B on the list of " + list.sliceBytes()
                            + " B slices."));
        }
    }

    private void checkData(int index, int sliceSize, int start) {
        if (sliceSize < 0 || start < 0 || start > list.sliceBytes() || sliceSize > list.sliceBytes() - start) {
            int offset = list.offsetOf(index);
            add(new Problem(
                    Problem.Kind.SLICE_HEADER,
                    offset + SliceLayout.SIZE,
                    "The slice at " + offset + " tells " + Integer.toUnsignedString(sliceSize) + " B of data from "
                            + Integer.toUnsignedString(start) + " on, but holds only " + list.sliceBytes() + " B."));
        }
    }

    private void add(Problem problem) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        }
    }

    private void compareSize() {
        boolean still = head == header(FreeListLayout.HEAD)
                && tail == header(FreeListLayout.TAIL)
                && size == header(FreeListLayout.SIZE);
        if (still && state == FreeListState.COMPLETE && size != onList.cardinality()) {
            add(new Problem(
                    Problem.Kind.SIZE_WORD,
                    list.header(),
                    "The header of the list of " + list.sliceBytes() + " B slices counts " + size + " free slices, but "
                            + onList.cardinality() + " are on the list."));
        }
    }

    ListGeometry list() {
        return list;
    }

    int head() {
        return head;
    }

    int tail() {
        return tail;
    }

    int size() {
        return size;
    }

    int walked() {
        return onList.cardinality();
    }

    FreeListState state() {
        return state;
    }

    /** Returns where the walk ended, unless it is complete. */
    int endedAt() {
        return endedAt;
    }

    /** Returns why the walk is not complete, or null. */
    @Nullable
    Problem walkProblem() {
        return walkProblem;
    }

    /** Reads a slice as if it were in use, whatever its flags say about that. */
    HeldSlice read(int index) {
        boolean hasNext = (slice(index, SliceLayout.FLAGS) & SliceLayout.HAS_NEXT) != 0;
        int next = slice(index, SliceLayout.NEXT);
        return new HeldSlice(
                list.offsetOf(index),
                slice(index, SliceLayout.SIZE),
                slice(index, SliceLayout.START),
                hasNext ? next : HeldSlice.NONE);
    }

    /** Returns the indexes of slices that were neither on the list nor, before and after the walk, in use. */
    BitSet unaccounted() {
        return unaccounted;
    }

    int heldCount() {
        return heldCount;
    }

    /** Returns the slices in use, up to a limit. */
    List<HeldSlice> held() {
        return held;
    }

    List<Problem> problems() {
        return problems;
    }
}
