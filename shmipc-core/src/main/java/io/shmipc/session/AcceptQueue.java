package io.shmipc.session;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.Stream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Streams that the peer opened and nobody has accepted yet.
 *
 * <p><b>Threads:</b> any, by its lock.
 */
final class AcceptQueue {

    private final ArrayDeque<ShmipcStream> streams = new ArrayDeque<>();
    private boolean refuses;

    /** Adds a stream; returns false if nobody accepts any more. */
    synchronized boolean add(ShmipcStream stream) {
        if (refuses) {
            return false;
        }
        streams.add(stream);
        notify();
        return true;
    }

    synchronized void remove(ShmipcStream stream) {
        streams.remove(stream);
    }

    synchronized void wakeAll() {
        notifyAll();
    }

    /** Takes no more streams; returns those that nobody has accepted, for the caller to close. */
    synchronized List<ShmipcStream> refuse() {
        refuses = true;
        List<ShmipcStream> left = List.copyOf(streams);
        streams.clear();
        return left;
    }

    synchronized Stream take(Duration timeout, ShmipcSession session) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (streams.isEmpty()) {
            if (session.isClosed()) {
                throw session.closedException();
            }
            long leftMillis = (deadlineNanos - System.nanoTime() + 999_999) / 1_000_000;
            if (leftMillis <= 0) {
                throw new ShmipcTimeoutException(
                        Reason.TIMEOUT, "No stream was opened by the peer for " + timeout + ".");
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ShmipcException(
                        Reason.INTERRUPTED, "The thread was interrupted while it waited for a stream.", e);
            }
        }
        return streams.remove();
    }
}
