package io.shmipc.sample.lab.measure;

import java.nio.ByteBuffer;

/** Reads every byte of a message, so that none of the ways between the processes gets away with less. */
final class Checksum {

    private static final long LOWER_HALF = 0xFFFF_FFFFL;

    private Checksum() {}

    /**
     * Returns the sum of the words of four bytes from position to limit, and of the bytes after the last one.
     *
     * <p>A message may be summed in pieces whose lengths are multiples of four, but for the last.
     */
    static long of(ByteBuffer bytes) {
        int at = bytes.position();
        int end = bytes.limit();
        long sum = 0;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long words = bytes.getLong(at);
            sum += (words >>> Integer.SIZE) + (words & LOWER_HALF);
        }
        for (; at <= end - Integer.BYTES; at += Integer.BYTES) {
            sum += Integer.toUnsignedLong(bytes.getInt(at));
        }
        for (; at < end; at++) {
            sum += Byte.toUnsignedInt(bytes.get(at));
        }
        return sum;
    }
}
