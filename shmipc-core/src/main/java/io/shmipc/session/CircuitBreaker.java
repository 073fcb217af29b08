package io.shmipc.session;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps a session from opening streams for a while after it ran out of shared memory.
 *
 * <pre>
 *           fallback                 interval over, one stream is opened: the probe
 *   closed ─────────► open ◄──────────────────────────────────────────────► half-open
 *     ▲                          fallback again, or no result for an interval   │
 *     └──────────────────────────── something was sent through shared memory ───┘
 * </pre>
 *
 * <p><b>Threads:</b> any.
 */
final class CircuitBreaker {

    private static final long CLOSED = 0;

    private final long intervalNanos;
    private final LongSupplier clockNanos;

    /** When the breaker opened, or the probe began; {@link #CLOSED} if neither. */
    private final AtomicLong sinceNanos = new AtomicLong(CLOSED);

    private volatile boolean probing;

    /**
     * @param interval how long no streams are opened, and how long a probe may take
     * @param clockNanos as {@link System#nanoTime()}
     */
    CircuitBreaker(Duration interval, LongSupplier clockNanos) {
        this.intervalNanos = interval.toNanos();
        this.clockNanos = clockNanos;
    }

    /** Opens the breaker, or keeps it open from now on. */
    void trip() {
        probing = false;
        sinceNanos.set(now());
    }

    /** Returns whether streams can be opened, without opening one. */
    boolean isPassable() {
        long since = sinceNanos.get();
        return since == CLOSED || now() - since >= intervalNanos;
    }

    /** Asks for permission to open a stream; after the interval the first to ask is the probe. */
    boolean tryPass() {
        long since = sinceNanos.get();
        if (since == CLOSED) {
            return true;
        }
        long now = now();
        if (now - since < intervalNanos || !sinceNanos.compareAndSet(since, now)) {
            return false;
        }
        probing = true;
        return true;
    }

    /** Something was sent through shared memory: if that was a probe, the breaker closes. */
    void succeeded() {
        if (probing) {
            probing = false;
            sinceNanos.set(CLOSED);
        }
    }

    private long now() {
        long now = clockNanos.getAsLong();
        return now == CLOSED ? 1 : now;
    }
}
