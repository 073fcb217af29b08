package io.shmipc.session;

import io.shmipc.Network;
import io.shmipc.ShmipcAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * Streams that the peer closed on the queue, until what they sent before has arrived: a close can overtake bytes of its
 * stream that fell back to the connection.
 *
 * <pre>
 *                         socket empty                      no fallback data for 10 ms, or none over TCP
 * close on the queue ───────────────────────► under way? ──────────────────────────────────────────────► ended
 *          └───────────────── as many reads as a socket can hold bytes ───────────────────────────────────┘
 * </pre>
 *
 * <p>A unix socket that is empty holds nothing. Over TCP the sender's side holds what the receiver's had no room for, so
 * for a moment after fallback data an empty socket proves nothing.
 *
 * <p><b>Threads:</b> the holder of the consumer role.
 */
final class QueueCloses {

    /** How long TCP may take to bring what its sender still holds, once there is room for it. */
    static final Duration UNDER_WAY = Duration.ofMillis(10);

    /** More reads of one buffer than a socket holds bytes: what comes then was sent after the close. */
    static final int READS_BEFORE_END = 4096;

    private static final int MIN_SWEEP = 1024;

    private final boolean overTcp;
    private final LongSupplier nanoTime;
    private final ArrayDeque<ShmipcStream> streams = new ArrayDeque<>();

    /** Reads of the socket that may still bring bytes from before the oldest close. */
    private int readsBeforeEnd;

    /** Number of closes above which those of streams that this side closed as well are not kept. */
    private int sweepAt = MIN_SWEEP;

    private boolean fellBack;
    private long lastFallbackNanos;

    /** @param nanoTime the clock, {@link System#nanoTime} */
    QueueCloses(ShmipcAddress peer, LongSupplier nanoTime) {
        this.overTcp = peer.network() == Network.TCP;
        this.nanoTime = nanoTime;
    }

    /** Notes that the peer closed a stream on the queue. */
    void add(ShmipcStream stream) {
        if (!stream.beginToEnd()) {
            return;
        }
        if (streams.isEmpty()) {
            readsBeforeEnd = READS_BEFORE_END;
        } else if (streams.size() >= sweepAt) {
            sweep();
        }
        streams.add(stream);
    }

    /** Ends those that this side has closed meanwhile, for which no order matters any more: the others are few. */
    private void sweep() {
        streams.removeIf(stream -> {
            boolean over = stream.isClosed();
            if (over) {
                stream.endByPeer(true);
            }
            return over;
        });
        sweepAt = Math.max(MIN_SWEEP, 2 * streams.size());
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    int size() {
        return streams.size();
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
        if (!streams.isEmpty() && --readsBeforeEnd <= 0) {
            endAll();
        }
    }

    /** Notes that the socket was empty, which ends all streams unless more may be under way. */
    void socketEmpty() {
        if (areDue()) {
            endAll();
        }
    }

    /** Returns whether there are streams that end if the socket is empty. */
    boolean areDue() {
        return !streams.isEmpty() && leftNanos() == 0;
    }

    /** Returns how long nobody need look at an empty socket on behalf of these streams. */
    long leftNanos() {
        if (streams.isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (!fellBack) {
            return 0;
        }
        return Math.max(0, UNDER_WAY.toNanos() - (nanoTime.getAsLong() - lastFallbackNanos));
    }

    /** Ends all streams: nothing comes any more. */
    void endAll() {
        while (!streams.isEmpty()) {
            streams.remove().endByPeer(true);
        }
    }
}
