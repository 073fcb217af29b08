package io.shmipc.layout;

/**
 * A slice: this header, then its data.
 *
 * <pre>
 * byte     0          4        8         12       16        20
 *          +----------+--------+---------+--------+---------+----------------
 *          | capacity |  size  |  start  |  next  |  flags  | data ...
 *          +----------+--------+---------+--------+---------+----------------
 * </pre>
 *
 * The slice's owner writes size, start, next and flags; a slice on a free list is owned by the list. In a chain, next
 * is the offset of the next slice's header in the region; on a free list, its offset in the list's slice area. Only the
 * first byte of flags is used, the others stay 0.
 */
public final class SliceLayout {

    /** Bytes before the data. */
    public static final int HEADER_BYTES = 20;
    /** Offset of the data bytes that the slice can hold. */
    public static final int CAPACITY = 0;
    /** Offset of the data bytes that it holds. */
    public static final int SIZE = 4;
    /** Offset of where they begin, from the start of the data. */
    public static final int START = 8;
    /** Offset of the next slice's place. */
    public static final int NEXT = 12;
    /** Offset of the flags. */
    public static final int FLAGS = 16;
    /** Flag: {@link #NEXT} is valid. */
    public static final int HAS_NEXT = 1;
    /** Flag: the slice is not on its free list. */
    public static final int IN_USE = 2;

    private SliceLayout() {}
}
