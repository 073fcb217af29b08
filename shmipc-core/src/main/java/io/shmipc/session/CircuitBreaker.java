package io.shmipc.session;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a session from opening streams for a while after it ran out of shared memory.
 *
 * <p><b>Threads:</b> any.
 */
final class CircuitBreaker {

    private static final long NEVER = Long.MIN_VALUE;

    private final long intervalNanos;
    private final AtomicLong openedNanos = new AtomicLong(NEVER);

    CircuitBreaker(Duration interval) {
        this.intervalNanos = interval.toNanos();
    }

    /** Opens the breaker, or keeps it open from now on. */
    void trip() {
        openedNanos.set(System.nanoTime());
    }

    /** Returns whether streams may be opened. */
    boolean isClosed() {
        long opened = openedNanos.get();
        return opened == NEVER || System.nanoTime() - opened >= intervalNanos;
    }
}
