package io.shmipc.shm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Who is at work on one side of a stream, so that nobody gives back meanwhile what it holds.
 *
 * <pre>
 * user    enter ── is it closed? ── touch slices ── leave ── enter ── …
 * closer  close ── a long time for stores to become visible ── is anybody inside? ── give back
 * </pre>
 *
 * <p>Entering and leaving are stores without a fence: a fence would cost as much as a tenth of a round trip. So a closer
 * that is another thread lets so much time pass that a store before the user's look at the closed mark has left its
 * core, which an interrupt, a pause or a stop of the thread brings about as well, and then looks whether anybody is
 * inside. Only the first step of another user has a fence.
 *
 * <p><b>Threads:</b> one user at a time enters and leaves, any asks.
 */
final class Occupancy {

    private static final VarHandle INSIDE;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(Occupancy.class, "inside", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private @Nullable Thread user;

    @SuppressWarnings("UnusedVariable") // accessed through INSIDE
    private boolean inside;

    /** Begins a step of the calling thread, which looks next whether the side is closed. */
    void enter() {
        INSIDE.setOpaque(this, true);
        Thread current = Thread.currentThread();
        if (user != current) {
            user = current;
            VarHandle.fullFence();
        }
    }

    /** Ends a step, whether it had begun or not. */
    void leave() {
        INSIDE.setRelease(this, false);
    }

    /** Returns whether a step has begun and not ended, as far as this thread can see. */
    boolean isOccupied() {
        return (boolean) INSIDE.getAcquire(this);
    }

    /** Returns whether the given thread was the last to enter, or nobody has. */
    boolean isUsedOnlyBy(Thread thread) {
        return user == null || user == thread;
    }
}
