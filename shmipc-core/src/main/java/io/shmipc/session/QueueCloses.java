package io.shmipc.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Streams that the peer closed on the queue, until what they sent before has arrived: a close can overtake bytes of its
 * stream that fell back to the connection.
 *
 * <pre>
 *                         socket empty                      not over TCP, or time enough has passed
 * close on the queue ───────────────────────► under way? ──────────────────────────────────────────► ended
 *          └───────────────── as many reads as a socket can hold bytes ─────────────────────────────────┘
 * </pre>
 *
 * <p>A unix socket that is empty holds nothing. Over TCP bytes are under way for a moment, and the sender's side holds what
 * the receiver's had no room for: there an empty socket proves nothing until no fallback data has come for 10 ms, and
 * for as long since the close if memory is short or anything fell back before. Half a second after its close a stream
 * ends at the next empty socket, whatever else comes.
 *
 * <p><b>Threads:</b> the holder of the consumer role.
 */
final class QueueCloses {

    /** A stream, the last read of the socket that may bring its bytes, when its close was met, and how long it waits at least. */
    private record Closing(ShmipcStream stream, long lastRead, long metNanos, long patienceNanos) {}

    /** How long TCP may take to bring what its sender still holds, once there is room for it. */
    static final Duration UNDER_WAY = Duration.ofMillis(10);

    /** How long the data of other streams keep a close waiting. */
    static final Duration LONGEST = Duration.ofMillis(500);

    /** More reads of one buffer than a socket holds bytes: what comes then was sent after the close. */
    static final int READS_BEFORE_END = 4096;

    private static final int MIN_SWEEP = 1024;

    private final boolean overTcp;
    private final BooleanSupplier memoryShort;
    private final LongSupplier nanoTime;
    private final ArrayDeque<Closing> waiting = new ArrayDeque<>();
    private long reads;

    /** Number of closes above which those of streams that this side closed as well are not kept. */
    private int sweepAt = MIN_SWEEP;

    private boolean fellBack;
    private long lastFallbackNanos;

    /**
     * @param memoryShort tells whether the peer may find no shared memory for a message
     * @param nanoTime the clock, {@link System#nanoTime}
     */
    QueueCloses(boolean overTcp, BooleanSupplier memoryShort, LongSupplier nanoTime) {
        this.overTcp = overTcp;
        this.memoryShort = memoryShort;
        this.nanoTime = nanoTime;
    }

    /** Notes that the peer closed a stream on the queue. */
    void add(ShmipcStream stream) {
        if (!stream.beginToEnd()) {
            return;
        }
        if (waiting.size() >= sweepAt) {
            sweep();
        }
        long now = overTcp ? nanoTime.getAsLong() : 0;
        long patience = overTcp && (fellBack || memoryShort.getAsBoolean()) ? UNDER_WAY.toNanos() : 0;
        waiting.add(new Closing(stream, reads + READS_BEFORE_END, now, patience));
    }

    /** Ends those that this side has closed meanwhile, for which no order matters any more: the others are few. */
    private void sweep() {
        waiting.removeIf(closing -> {
            boolean over = closing.stream.isClosed();
            if (over) {
                closing.stream.endByPeer(true);
            }
            return over;
        });
        sweepAt = Math.max(MIN_SWEEP, 2 * waiting.size());
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    /** Notes that fallback data arrived, of whatever stream. */
    void fallbackArrived() {
        if (overTcp) {
            fellBack = true;
            lastFallbackNanos = nanoTime.getAsLong();
        }
    }

    /** Notes that the socket was read: a peer that keeps it full does not keep its closes waiting. */
    void socketRead() {
        reads++;
        Closing oldest = waiting.peek();
        while (oldest != null && oldest.lastRead - reads <= 0) {
            endOldest();
            oldest = waiting.peek();
        }
    }

    /** Notes that the socket was empty, which ends the streams of which nothing can be under way. */
    void socketEmpty() {
        while (areDue()) {
            endOldest();
        }
    }

    /** Returns whether there are streams that end if the socket is empty. */
    boolean areDue() {
        return !waiting.isEmpty() && leftNanos() == 0;
    }

    /** Returns how long nobody need look at an empty socket on behalf of these streams. */
    long leftNanos() {
        Closing oldest = waiting.peek();
        if (oldest == null) {
            return Long.MAX_VALUE;
        }
        if (!overTcp) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        long age = now - oldest.metNanos;
        long left = oldest.patienceNanos - age;
        if (fellBack) {
            left = Math.max(left, UNDER_WAY.toNanos() - (now - lastFallbackNanos));
        }
        return Math.max(0, Math.min(left, LONGEST.toNanos() - age));
    }

    private void endOldest() {
        waiting.remove().stream.endByPeer(true);
    }

    /** Ends all streams: nothing comes any more. */
    void endAll() {
        while (!waiting.isEmpty()) {
            endOldest();
        }
    }
}
