package io.shmipc.inspect;

import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.SliceLayout;

/**
 * Where the slices of one list are; it fits its region.
 *
 * @param header offset of the list's header in the region
 * @param capacity the number of slices
 * @param sliceBytes the data bytes of each
 */
record ListGeometry(int header, int capacity, int sliceBytes) {

    int firstSlice() {
        return header + FreeListLayout.HEADER_BYTES;
    }

    int stride() {
        return sliceBytes + SliceLayout.HEADER_BYTES;
    }

    /** Returns the region offset of a slice's header. */
    int offsetOf(int index) {
        return firstSlice() + index * stride();
    }

    int end() {
        return offsetOf(capacity);
    }

    /** Returns the index of the slice at a place, an offset from the first slice; -1 if none begins there. */
    int indexOfPlace(int place) {
        return place >= 0 && place < capacity * stride() && place % stride() == 0 ? place / stride() : -1;
    }

    /** Returns the index of the slice at a region offset; -1 if none begins there. */
    int indexOfOffset(int offset) {
        return offset < firstSlice() ? -1 : indexOfPlace(offset - firstSlice());
    }
}
