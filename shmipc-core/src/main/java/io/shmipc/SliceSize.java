package io.shmipc;

/**
 * One free list of a region: slices of one size, and the share of the region they take.
 *
 * @param bytes usable bytes of one slice, a multiple of 4; choose it so that bytes + 20 is a power of two
 * @param percent share of the region in percent; the percents of all lists add up to 100
 */
public record SliceSize(int bytes, int percent) {}
