package io.shmipc.inspect;

/** How a walk along a free list ended. */
public enum FreeListState {
    /** At the list's tail, as it should. */
    COMPLETE("complete"),
    /** At a slice that is not the tail and has no successor. */
    CUT("CUT"),
    /** At a slice that the walk had met before. */
    LOOPS("LOOPS"),
    /** At a link to where no free slice begins. */
    CORRUPT("CORRUPT"),
    /** Differently each time: other processes changed the list faster than it could be walked. Not a problem. */
    MOVING("moving");

    private final String word;

    FreeListState(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
