package io.shmipc.layout;

/**
 * A free list: this header, then its slices side by side.
 *
 * <pre>
 * byte     0        4          8       12      16           20                   36
 *          +--------+----------+-------+-------+------------+--------------------+--------------------------
 *          |  size  | capacity | head  | tail  | slice size | counters           | capacity x (20 + slice size)
 *          +--------+----------+-------+-------+------------+--------------------+--------------------------
 * </pre>
 *
 * Size counts the free slices. Head and tail are offsets of slices from the start of the slice area, byte 36. Any
 * thread of either process changes size, head and tail; capacity and slice size are written once. The counters are for
 * monitoring only: shmipc-go uses the word at 20 in the process that created the region and the one at 24 in the
 * others.
 */
public final class FreeListLayout {

    /** Bytes before the first slice. */
    public static final int HEADER_BYTES = 36;
    /** Offset of the number of free slices. */
    public static final int SIZE = 0;
    /** Offset of the number of slices. */
    public static final int CAPACITY = 4;
    /** Offset of the first free slice's place. */
    public static final int HEAD = 8;
    /** Offset of the last free slice's place. */
    public static final int TAIL = 12;
    /** Offset of the data bytes of each slice. */
    public static final int SLICE_BYTES = 16;

    private FreeListLayout() {}

    /** Returns the bytes that a list takes in its region, also for numbers that no region has room for. */
    public static long listBytes(int capacity, int sliceBytes) {
        return HEADER_BYTES + capacity * ((long) SliceLayout.HEADER_BYTES + sliceBytes);
    }
}
