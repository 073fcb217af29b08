package io.shmipc.inspect;

/**
 * A slice that is flagged in use, as its header says.
 *
 * @param next the offset of the following slice, or {@link #NONE}
 */
record HeldSlice(int offset, int size, int start, int next) {

    static final int NONE = 0;
}
