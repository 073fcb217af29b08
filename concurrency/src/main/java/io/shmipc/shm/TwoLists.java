package io.shmipc.shm;

import io.shmipc.layout.Cells;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.SliceLayout;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One free list as two processes see it, and the steps of its protocol that a process can be stopped between. */
final class TwoLists {

    /** What {@link #index} says of no slice. */
    static final int NONE = -1;

    private static final int SLICE_BYTES = 12;
    private static final int STRIDE = SliceLayout.HEADER_BYTES + SLICE_BYTES;

    final FreeList one;
    final FreeList two;
    private final ByteBuffer memory;
    private final int slices;

    /** Makes a list of that many slices, all but the last of them to be had. */
    TwoLists(int slices) {
        this.slices = slices;
        memory = Memories.allocate((int) FreeListLayout.listBytes(slices, SLICE_BYTES));
        one = FreeList.format(memory, 0, slices, SLICE_BYTES);
        two = new FreeList(memory, 0, slices, SLICE_BYTES);
    }

    static int index(@Nullable Slice slice) {
        return slice == null ? NONE : (slice.headerOffset() - FreeListLayout.HEADER_BYTES) / STRIDE;
    }

    /** Takes a slice of a list that has one for sure. */
    static Slice take(FreeList list) {
        Slice slice = list.pop();
        if (slice == null) {
            throw new IllegalStateException("nothing is free");
        }
        return slice;
    }

    /** The first step of a pop. */
    void beginPop() {
        Cells.getAndAdd(memory, FreeListLayout.SIZE, -1);
    }

    /** Undoes the first step of a pop. */
    void cancelPop() {
        Cells.getAndAdd(memory, FreeListLayout.SIZE, 1);
    }

    /** The exchange of a pop that found one slice to be the first and another its next. */
    boolean exchangeHead(int first, int next) {
        return Cells.compareAndSet(memory, FreeListLayout.HEAD, first * STRIDE, next * STRIDE);
    }

    /** What a pop does after its exchange, in process one; returns the slice. */
    Slice settle(int first, int next) {
        Slice slice = one.sliceAt(FreeListLayout.HEADER_BYTES + first * STRIDE);
        if (!one.settleHead(first * STRIDE, next * STRIDE) || slice == null || !slice.claim()) {
            throw new IllegalStateException("slice " + first + " is in use, or was the last one in spite of the count");
        }
        Cells.storeRelease(memory, slice.headerOffset() + SliceLayout.FLAGS, SliceLayout.IN_USE);
        return slice;
    }

    /** Returns which slice was the next of one that has just been taken. */
    int nextOf(Slice slice) {
        return Cells.loadPlain(memory, slice.headerOffset() + SliceLayout.NEXT) / STRIDE;
    }

    /** The first write of a push, which makes a slice the last one; returns the slice before it. */
    int beginPush(Slice slice) {
        slice.unclaim();
        Cells.storeRelease(memory, slice.headerOffset() + SliceLayout.FLAGS, 0);
        int before = Cells.loadAcquire(memory, FreeListLayout.TAIL);
        Cells.storeRelease(memory, FreeListLayout.TAIL, index(slice) * STRIDE);
        return before / STRIDE;
    }

    /** The second write of a push, which links the slice behind the one before it, and the count. */
    void endPush(Slice slice, int before) {
        int offset = FreeListLayout.HEADER_BYTES + before * STRIDE;
        Cells.storePlain(memory, offset + SliceLayout.NEXT, index(slice) * STRIDE);
        Cells.storeRelease(memory, offset + SliceLayout.FLAGS, SliceLayout.HAS_NEXT);
        Cells.getAndAdd(memory, FreeListLayout.SIZE, 1);
    }

    /**
     * Takes every slice that is left, when all actors are done.
     *
     * @param held the slices that actors still hold
     * @return how many slices there were to be had, or {@link #NONE} if one was there twice
     */
    int countWith(Slice... held) {
        boolean[] seen = new boolean[slices];
        int count = 0;
        for (Slice slice : held) {
            if (!isNew(seen, slice)) {
                return NONE;
            }
            count++;
        }
        for (Slice slice = two.pop(); slice != null; slice = two.pop()) {
            if (!isNew(seen, slice)) {
                return NONE;
            }
            count++;
        }
        return count;
    }

    private static boolean isNew(boolean[] seen, Slice slice) {
        boolean before = seen[index(slice)];
        seen[index(slice)] = true;
        return !before;
    }
}
