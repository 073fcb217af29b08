package io.shmipc.inspect;

/**
 * Something that is wrong in the memory and stayed wrong while it was looked at repeatedly.
 *
 * @param kind what it is, for programs
 * @param offset where, in bytes from the beginning of the memory
 * @param text what it is, for people: one sentence
 */
public record Problem(Kind kind, long offset, String text) {

    /** What can be wrong. */
    public enum Kind {
        /** Sizes and counts in the headers contradict each other or the size of the memory. */
        GEOMETRY,
        /** A free list ends before its tail: a process was stopped, or died, half-way through giving a slice back. */
        LIST_CUT,
        /** A free list leads back into itself. */
        LIST_LOOP,
        /** A free list leads to where no free slice begins. */
        LIST_CORRUPT,
        /** The number of free slices in a list's header is not the number of slices on the list. */
        SIZE_WORD,
        /** A slice in use has a header that no peer accepts. */
        SLICE_HEADER,
        /** A chain of slices loops or leads to where no slice begins. */
        CHAIN,
        /** Head, tail and capacity of a queue contradict each other. */
        QUEUE_COUNTERS,
        /** The working flag of a queue is neither 0 nor 1. */
        WORKING_FLAG,
        /** Elements wait in a queue whose consumer was not told: a wake-up was lost. */
        NOT_WOKEN,
        /** Elements waited in a queue for the whole time of a watch, and none was consumed. */
        STALLED,
        /** An element waits in a queue that no peer accepts. */
        ELEMENT
    }
}
