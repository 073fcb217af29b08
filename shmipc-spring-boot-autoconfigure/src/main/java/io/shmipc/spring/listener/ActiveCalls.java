package io.shmipc.spring.listener;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls of methods that have begun and not ended, so that a listener can wait for them before it closes.
 *
 * <p>A method that answers later, with a future, has ended when that is done: whoever waits for the future calls
 * {@link #begin()} before the method returns, and {@link #end()} afterwards.
 *
 * <p><b>Threads:</b> any.
 */
public final class ActiveCalls {

    private static final long CHECK_MILLIS = 2;

    private final AtomicInteger active = new AtomicInteger();
    private volatile @Nullable LongConsumer durations;

    /** A call begins. */
    public void begin() {
        active.incrementAndGet();
    }

    /** A call has ended. */
    public void end() {
        active.decrementAndGet();
    }

    /** Returns how many calls are under way. */
    public int count() {
        return active.get();
    }

    /** Hands the duration of each stream callback in nanoseconds to one more consumer, from now on. */
    public synchronized void recordTo(LongConsumer nanos) {
        LongConsumer present = durations;
        durations = present == null ? nanos : present.andThen(nanos);
    }

    /** Returns who wants the durations, or null. */
    @Nullable
    LongConsumer recorder() {
        return durations;
    }

    /** Waits until a condition holds, looking often; returns whether it held in time. */
    static boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(CHECK_MILLIS);
        }
        return true;
    }
}
