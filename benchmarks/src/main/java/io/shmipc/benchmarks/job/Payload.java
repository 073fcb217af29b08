package io.shmipc.benchmarks.job;

import java.nio.ByteBuffer;

/**
 * What messages consist of: little-endian words of eight bytes, the first of which is the message's number n.
 *
 * <p>In filled messages word k is n + k, and the reader sums all words up and checks the sum. In touched messages the
 * first word is all that is written and read.
 */
public final class Payload {

    private Payload() {}

    /** Writes a message into a little-endian buffer. */
    public static void write(ByteBuffer memory, int at, Job job, long number) {
        if (job.isFilled()) {
            int words = job.bytes() >> 3;
            for (int k = 0; k < words; k++) {
                memory.putLong(at + (k << 3), number + k);
            }
        } else {
            memory.putLong(at, number);
        }
    }

    /** Reads a message from a little-endian buffer and makes sure that it is the one expected. */
    public static void check(ByteBuffer memory, int at, Job job, long number) {
        if (job.isFilled()) {
            int words = job.bytes() >> 3;
            long sum = 0;
            for (int k = 0; k < words; k++) {
                sum += memory.getLong(at + (k << 3));
            }
            require(sum, expectedSum(job, number));
        } else {
            require(memory.getLong(at), number);
        }
    }

    /** Returns what the words of a filled message add up to. */
    public static long expectedSum(Job job, long number) {
        long words = job.bytes() >> 3;
        return words * number + words * (words - 1) / 2;
    }

    /** Fails unless what was read is what was to be read. */
    public static void require(long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException("a message says " + found + " where " + expected + " was sent");
        }
    }
}
