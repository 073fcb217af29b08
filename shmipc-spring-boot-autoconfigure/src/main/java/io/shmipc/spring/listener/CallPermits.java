package io.shmipc.spring.listener;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how many calls of one method are under way. Who gets no permit at once waits for its turn without a thread.
 *
 * <pre>
 * acquire() ──► one is free ──────────────► permit ──► release()
 *          └──► waiting ──► the first one ────┘
 *                   └─────► withdraw()
 * </pre>
 *
 * <p><b>Threads:</b> any. One thread at a time tells those whose turn it is: one that goes on at once and releases its
 * permit does not make the stack grow.
 */
final class CallPermits {

    /** Somebody who waits for a permit. */
    interface Waiter {

        /** Goes on with a permit that is the waiter's from now on; returns false if it is of no use any more. */
        boolean proceed();
    }

    private static final Logger LOG = LoggerFactory.getLogger(CallPermits.class);

    private final Set<Waiter> waiting = new LinkedHashSet<>();
    private final Queue<Waiter> granted = new ArrayDeque<>();
    private int free;
    private boolean granting;

    CallPermits(int permits) {
        free = permits;
    }

    /** Takes a permit if one is free; else the waiter proceeds when it is its turn. Returns whether one was free. */
    synchronized boolean acquire(Waiter waiter) {
        if (free == 0) {
            waiting.add(waiter);
            return false;
        }
        free--;
        return true;
    }

    /** Returns whether the waiter gets no permit any more; if not, it has got one. */
    synchronized boolean withdraw(Waiter waiter) {
        return waiting.remove(waiter);
    }

    /** Gives a permit back, to who has waited longest if anybody does. */
    void release() {
        if (!grant()) {
            return;
        }
        for (Waiter next = next(); next != null; next = next()) {
            if (!proceeds(next)) {
                grant();
            }
        }
    }

    /** Makes it the turn of the next waiter; returns whether the caller has to tell it. */
    private synchronized boolean grant() {
        Iterator<Waiter> waiters = waiting.iterator();
        if (!waiters.hasNext()) {
            free++;
            return false;
        }
        granted.add(waiters.next());
        waiters.remove();
        boolean unattended = !granting;
        granting = true;
        return unattended;
    }

    private synchronized @Nullable Waiter next() {
        Waiter next = granted.poll();
        granting = next != null;
        return next;
    }

    @SuppressWarnings("CatchingUnchecked") // whatever it is, the permit is the next one's
    private static boolean proceeds(Waiter waiter) {
        try {
            return waiter.proceed();
        } catch (Throwable e) {
            LOG.error("A call that waited for its turn cannot go on", e);
            return false;
        }
    }
}
