package io.shmipc.inspect;

import java.util.List;

/**
 * One IO queue at one moment.
 *
 * @param direction who sends on it
 * @param offset of its header in the memory
 * @param capacity how many elements it can hold
 * @param head how many elements were consumed since it was made
 * @param tail how many elements were put since it was made
 * @param pendingCount how many elements wait
 * @param pending those elements, oldest first; at most the first {@value #MAX_DETAILS}
 * @param working whether its consumer is awake, or was told to be, and will look again without a wake-up
 */
public record QueueReport(
        Direction direction,
        int offset,
        int capacity,
        long head,
        long tail,
        int pendingCount,
        List<PendingElement> pending,
        boolean working) {

    /** How many elements of one queue are described one by one. */
    public static final int MAX_DETAILS = 65_536;

    public QueueReport {
        pending = List.copyOf(pending);
    }

    /** Who sends. */
    public enum Direction {
        /** The first half of the memory. */
        CLIENT_TO_SERVER("client to server"),
        /** The second half of the memory. */
        SERVER_TO_CLIENT("server to client");

        private final String words;

        Direction(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }
}
