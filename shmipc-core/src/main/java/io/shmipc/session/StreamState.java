package io.shmipc.session;

/** What a stream can do; the numbers travel in the low byte of a status. */
final class StreamState {

    /** Both sides read and write. */
    static final int OPEN = 0;
    /** Closed on this side: nothing is read or written any more. */
    static final int CLOSED = 1;
    /** The peer sends nothing more; unread data stays readable. */
    static final int HALF_CLOSED = 2;

    private StreamState() {}
}
