package io.shmipc.session;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.Stream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
        long begunNanos = System.nanoTime();
        long timeoutNanos = Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
        while (streams.isEmpty()) {
            if (session.isClosed()) {
                throw session.closedException();
            }
            long leftNanos = timeoutNanos - (System.nanoTime() - begunNanos);
            if (leftNanos <= 0) {
                throw new ShmipcTimeoutException(
                        Reason.TIMEOUT, "No stream was opened by the peer for " + timeout + ".");
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ShmipcException(
                        Reason.INTERRUPTED, "The thread was interrupted while it waited for a stream.", e);
            }
        }
        return streams.remove();
    }
}
