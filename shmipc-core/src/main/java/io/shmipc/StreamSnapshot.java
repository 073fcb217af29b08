package io.shmipc;

/**
 * A snapshot of one open stream; its parts are read one after the other, not atomically.
 *
 * @param id the stream's number, see {@link Stream#id()}
 * @param unreadBytes bytes that were delivered to the stream and that nobody has read, in shared memory or not; exact
 *     while the stream stands still; what its reader takes over at this moment may count twice. What is still on the
 *     queue has not been delivered.
 * @param inputEnded whether the peer sends nothing more; what is unread stays readable
 * @param outputEnded whether this side sends nothing more, see {@link Stream#flush(boolean)}
 * @param peerClosed whether the peer has closed the stream, so that it does not read any more either
 * @param fallback whether what this side sends goes through the connection, because one side found no memory
 * @param pooled whether nobody uses the stream, and its client keeps it for the next user
 */
public record StreamSnapshot(
        long id,
        long unreadBytes,
        boolean inputEnded,
        boolean outputEnded,
        boolean peerClosed,
        boolean fallback,
        boolean pooled) {}
