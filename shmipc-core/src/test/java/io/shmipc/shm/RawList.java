package io.shmipc.shm;

import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.SliceLayout;
import java.nio.ByteBuffer;

/** The words of a region's first list, as another process sees and changes them. */
final class RawList {

    final ByteBuffer memory;
    final int stride;

    RawList(ByteBuffer memory, int sliceBytes) {
        this.memory = memory;
        this.stride = SliceLayout.HEADER_BYTES + sliceBytes;
    }

    int size() {
        return header(FreeListLayout.SIZE);
    }

    int head() {
        return header(FreeListLayout.HEAD);
    }

    int tail() {
        return header(FreeListLayout.TAIL);
    }

    int header(int field) {
        return memory.getInt(Regions.FIRST_LIST + field);
    }

    void header(int field, int value) {
        memory.putInt(Regions.FIRST_LIST + field, value);
    }

    /** Returns the place of a slice in its list, by which list and slices name it. */
    int place(int index) {
        return index * stride;
    }

    /** Returns the offset of a slice's header in the region, by which chains and elements name it. */
    int offset(int index) {
        return Regions.FIRST_LIST + FreeListLayout.HEADER_BYTES + place(index);
    }

    int index(Slice slice) {
        return (slice.headerOffset() - offset(0)) / stride;
    }

    int slice(int index, int field) {
        return memory.getInt(offset(index) + field);
    }

    void slice(int index, int field, int value) {
        memory.putInt(offset(index) + field, value);
    }

    /** Takes one off the size, as an allocation begins. */
    void beginPop() {
        header(FreeListLayout.SIZE, size() - 1);
    }

    /** Makes a slice the tail without linking it: a recycle that has come half way. */
    int beginPush(int index) {
        int before = tail();
        slice(index, SliceLayout.FLAGS, 0);
        header(FreeListLayout.TAIL, place(index));
        return before;
    }

    /** Links the slice behind the old tail: the second half of a recycle. */
    void endPush(int index, int before) {
        slice(before / stride, SliceLayout.NEXT, place(index));
        slice(before / stride, SliceLayout.FLAGS, SliceLayout.HAS_NEXT);
        header(FreeListLayout.SIZE, size() + 1);
    }
}
