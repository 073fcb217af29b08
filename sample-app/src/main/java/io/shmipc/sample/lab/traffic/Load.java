package io.shmipc.sample.lab.traffic;

import io.shmipc.ShmipcException;
import io.shmipc.sample.greeting.Greeting;
import io.shmipc.sample.greeting.Greetings;
import io.shmipc.spring.client.ShmipcRemoteException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls the server from several threads until it is closed, and remembers what came of it.
 *
 * <p><b>Threads:</b> any.
 */
public final class Load implements AutoCloseable {

    private static final long JOIN_MILLIS = 5_000;
    private static final long LOOK_MILLIS = 5;
    private static final long NOT_CALLING = 0;

    private final Greetings greetings;
    private final long pauseMillis;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    /** When each thread began the call that is under way. */
    private final AtomicLongArray beganNanos;

    private final AtomicReference<@Nullable String> lastFailure = new AtomicReference<>();
    private volatile long lastAnswerFrom;
    private volatile boolean closed;

    Load(Greetings greetings, int callers, long pauseMillis) {
        this.greetings = greetings;
        this.pauseMillis = pauseMillis;
        this.beganNanos = new AtomicLongArray(callers);
        for (int i = 0; i < callers; i++) {
            int caller = i;
            Thread thread = new Thread(() -> callUntilClosed(caller), "load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private void callUntilClosed(int caller) {
        try {
            while (!closed) {
                long begin = System.nanoTime();
                beganNanos.set(caller, begin == NOT_CALLING ? begin + 1 : begin);
                call();
                longestNanos.accumulateAndGet(System.nanoTime() - begin, Math::max);
                beganNanos.set(caller, NOT_CALLING);
                if (pauseMillis > 0) {
                    Thread.sleep(pauseMillis);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void call() {
        try {
            Greeting greeting = greetings.greet("load");
            lastAnswerFrom = greeting.processId();
            answered.incrementAndGet();
        } catch (ShmipcException | ShmipcRemoteException e) {
            if (closed) {
                return;
            }
            failed.incrementAndGet();
            lastFailure.set(e.getMessage());
        }
    }

    /** Returns how many calls were answered. */
    public long answered() {
        return answered.get();
    }

    /** Returns how many calls ended with an exception. */
    public long failed() {
        return failed.get();
    }

    /** Returns how long the longest call took, answered or not; one that is under way counts as it is. */
    public Duration longestCall() {
        long longest = longestNanos.get();
        long now = System.nanoTime();
        for (int caller = 0; caller < beganNanos.length(); caller++) {
            long began = beganNanos.get(caller);
            if (began != NOT_CALLING) {
                longest = Math.max(longest, now - began);
            }
        }
        return Duration.ofNanos(longest);
    }

    /**
     * Judges the longest call.
     *
     * @throws IllegalStateException if it took longer than that; the message says how long
     */
    public void requireNoCallLongerThan(Duration limit) {
        Duration longest = longestCall();
        if (longest.compareTo(limit) > 0) {
            throw new IllegalStateException("A call hung: it took " + longest.toMillis()
                    + " ms, and none may take more than " + limit.toMillis() + " ms.");
        }
    }

    /**
     * Judges the failures.
     *
     * @throws IllegalStateException if a call failed; the message says how many, and what the last one said
     */
    public void requireNoFailure() {
        long count = failed.get();
        if (count > 0) {
            throw new IllegalStateException(count + " calls were lost, the last one with: " + lastFailure.get());
        }
    }

    /** Returns what the last failed call said, or null if none failed. */
    public @Nullable String lastFailure() {
        return lastFailure.get();
    }

    /** Waits until so many more calls have been answered. */
    public void awaitAnswers(int count, Duration timeout) throws InterruptedException, TimeoutException {
        long target = answered.get() + count;
        await(() -> answered.get() >= target, timeout, "The server did not answer " + count + " calls");
    }

    /** Waits until a call has failed. */
    public void awaitFailure(Duration timeout) throws InterruptedException, TimeoutException {
        await(() -> failed.get() > 0, timeout, "No call failed");
    }

    /** Waits until another process than this one answers. */
    public void awaitAnswerOfOtherThan(long processId, Duration timeout) throws InterruptedException, TimeoutException {
        await(
                () -> lastAnswerFrom != 0 && lastAnswerFrom != processId,
                timeout,
                "No other process than " + processId + " answered");
    }

    private static void await(BooleanSupplier condition, Duration timeout, String failure)
            throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new TimeoutException(failure + " within " + timeout.toSeconds() + " s.");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Ends the calls, and waits for those under way. */
    @Override
    public void close() {
        closed = true;
        try {
            for (Thread thread : threads) {
                thread.join(JOIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
