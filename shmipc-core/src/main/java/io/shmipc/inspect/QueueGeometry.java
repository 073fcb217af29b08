package io.shmipc.inspect;

import io.shmipc.layout.QueueLayout;
import java.util.List;

/**
 * What the headers of two queues say about their size.
 *
 * @param half the bytes from the first queue to the second
 * @param capacity the elements of each queue; they fit
 * @param problems why the headers cannot be believed altogether
 */
record QueueGeometry(int half, int capacity, List<Problem> problems) {

    /** Returns whether the memory is exactly as large as the capacity in one of the headers demands. */
    static boolean fitsExactly(Words words) {
        return words.bytes() >= smallest()
                && (fills(words, words.at(QueueLayout.CAPACITY)) || fills(words, otherCapacity(words)));
    }

    /**
     * Reads the headers.
     *
     * @throws UnrecognisedException if they do not fit the memory
     */
    static QueueGeometry read(Words words) throws UnrecognisedException {
        if (words.bytes() < smallest()) {
            throw new UnrecognisedException("has no room for two");
        }
        int half = words.bytes() / 2;
        int first = words.at(QueueLayout.CAPACITY);
        int second = otherCapacity(words);
        if (first == second && first > 0 && QueueLayout.queueBytes(first) <= half) {
            return new QueueGeometry(half, first, List.of());
        }
        String claim = "capacities of " + Integer.toUnsignedString(first) + " and " + Integer.toUnsignedString(second)
                + " elements";
        if (fills(words, first) || fills(words, second)) {
            Problem problem = new Problem(
                    Problem.Kind.GEOMETRY,
                    fills(words, first) ? half : 0,
                    "The headers tell " + claim + "; only one of them fits the memory.");
            return new QueueGeometry(half, fills(words, first) ? first : second, List.of(problem));
        }
        throw new UnrecognisedException("would have " + claim);
    }

    private static long smallest() {
        return 2 * QueueLayout.queueBytes(1);
    }

    private static int otherCapacity(Words words) {
        return words.at(words.bytes() / 2 + QueueLayout.CAPACITY);
    }

    private static boolean fills(Words words, int capacity) {
        return capacity > 0 && 2 * QueueLayout.queueBytes(capacity) == words.bytes();
    }
}
