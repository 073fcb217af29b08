package io.shmipc.inspect;

/**
 * An element that waits in a queue.
 *
 * @param streamId the stream it belongs to, an unsigned 32-bit number
 * @param offset of its chain's first slice in the region; 0 if it carries no data
 * @param state the sender's stream state: 0 open, 1 closed, 2 half-closed
 */
public record PendingElement(long streamId, long offset, int state) {

    private static final String[] STATES = {"open", "closed", "half-closed"};

    /** Returns the state in words. */
    public String stateName() {
        return isKnownState() ? STATES[state] : "unknown (" + state + ")";
    }

    boolean isKnownState() {
        return state < STATES.length;
    }
}
