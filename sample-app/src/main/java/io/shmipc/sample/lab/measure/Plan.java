package io.shmipc.sample.lab.measure;

import java.util.List;

/**
 * What is measured.
 *
 * @param sizes bytes of the messages
 * @param streams how many streams or connections call at once
 * @param rounds how often each size is measured over each transport
 * @param roundMillis for how long each time
 */
record Plan(List<Integer> sizes, int streams, int rounds, int roundMillis) {

    static final int MAX_BYTES = 1 << 20;
    static final int MAX_STREAMS = 16;
    private static final int MAX_SIZES = 8;
    private static final int MAX_ROUNDS = 50;
    private static final int MIN_ROUND_MILLIS = 5;
    private static final int MAX_ROUND_MILLIS = 2_000;
    /** A quarter of the region: request and reply of each stream lie there at once. */
    private static final int MAX_BYTES_AT_ONCE = 8 << 20;

    /**
     * @throws IllegalArgumentException if a number is out of bounds; the message says which ones are possible
     */
    Plan {
        sizes = List.copyOf(sizes);
        if (sizes.isEmpty() || sizes.size() > MAX_SIZES) {
            throw new IllegalArgumentException(
                    "There are " + sizes.size() + " sizes: name 1 to " + MAX_SIZES + ", such as sizes=64,4096.");
        }
        for (int bytes : sizes) {
            require("A size", bytes, 1, MAX_BYTES);
            if ((long) bytes * streams > MAX_BYTES_AT_ONCE) {
                throw new IllegalArgumentException(streams + " streams with " + bytes + " bytes each are more than "
                        + MAX_BYTES_AT_ONCE + " bytes at once: take fewer streams or smaller messages.");
            }
        }
        require("The number of streams", streams, 1, MAX_STREAMS);
        require("The number of rounds", rounds, 1, MAX_ROUNDS);
        require("The time of a round in ms", roundMillis, MIN_ROUND_MILLIS, MAX_ROUND_MILLIS);
    }

    private static void require(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " is " + value + ": it can be from " + min + " to " + max + ".");
        }
    }
}
