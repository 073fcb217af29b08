package io.shmipc.layout;

/**
 * A buffer region: this header, then one free list per slice size, ascending.
 *
 * <pre>
 * byte     0         2         4                   8
 *          +---------+---------+-------------------+---------+---------+----
 *          |  lists  |    0    |    used bytes     | list 0  | list 1  | ...
 *          +---------+---------+-------------------+---------+---------+----
 *             u16       u16       u32: end of the last list - 8
 * </pre>
 *
 * The creator writes it once; nobody changes it afterwards.
 */
public final class RegionLayout {

    /** Bytes before the first list. */
    public static final int HEADER_BYTES = 8;
    /** Offset of the number of lists, which is below 65,536, so that a word access reads it with the zero behind it. */
    public static final int LISTS = 0;
    /** Offset of the end of the last list, less {@link #HEADER_BYTES}. */
    public static final int USED_BYTES = 4;

    private RegionLayout() {}
}
