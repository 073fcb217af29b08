package io.shmipc.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The right to drain a session's receive queue, which one thread at a time has.
 *
 * <p><b>Threads:</b> any thread tries to enter and asks; the holder gives the role back. What one holder wrote the next
 * one sees.
 */
final class ConsumerRole {

    private static final VarHandle ROLE;

    static {
        try {
            ROLE = MethodHandles.lookup().findVarHandle(ConsumerRole.class, "role", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int FREE = 0;
    private static final int HELD = 1;

    @SuppressWarnings("UnusedVariable") // accessed through ROLE
    private volatile int role = FREE;

    /** Who has the role, for that thread to recognise itself; nobody else can read anything of use here. */
    private @Nullable Thread holder;

    private int entries;

    /** Takes the role; false if somebody has it. */
    boolean tryEnter() {
        if (role == HELD || !ROLE.compareAndSet(this, FREE, HELD)) {
            return false;
        }
        holder = Thread.currentThread();
        entries++;
        return true;
    }

    boolean isHeld() {
        return role == HELD;
    }

    /** Returns whether the calling thread has the role. */
    boolean isMine() {
        return holder == Thread.currentThread();
    }

    /** Returns how often the role was taken; exact for the holder, others may see it late. */
    int entries() {
        return entries;
    }

    /** Gives the role back, before anything that the caller looks at next. */
    void free() {
        holder = null;
        ROLE.setVolatile(this, FREE);
    }

    /** Gives the role back without a fence: others see that in a moment. */
    void freeSoon() {
        holder = null;
        ROLE.setRelease(this, FREE);
    }
}
