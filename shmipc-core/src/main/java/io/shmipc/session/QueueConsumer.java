package io.shmipc.session;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.WaitStrategy;
import io.shmipc.channel.Connection;
import io.shmipc.channel.EventLoop;
import io.shmipc.shm.ReceiveQueue;
import io.shmipc.sys.Mappings;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Who drains a session's receive queue, and when.
 *
 * <p>One thread at a time holds the consumer role. A thread that waits for data takes it if it is free and looks
 * itself; other waiting threads park until the holder delivers to them or passes the role on. When nobody waits, the
 * event loop has the role whenever the socket wakes it.
 *
 * <pre>
 *              reader takes it                     looked in vain
 *   free ─────────────────────────► looking ─────────────────────────► asleep on the socket
 *    ▲  ▲                             │  │ found its data                    │
 *    │  │ event loop's guard: nobody  │  └─► leaves with the flag at 1,      │ woken
 *    │  └─ came back within a tick ───┘      the guard keeps watch           │
 *    └───────────────────── leaves with the flag at 0, socket watched ◄──────┘
 * </pre>
 *
 * <p>The flag is the queue's "working" word: while it is 1 the peer makes no system call, so whoever leaves it at 1
 * owes another look. A reader that found its data by looking, and not its stream's end, will be back in a moment; it
 * leaves the flag alone, and the guard, a timer on the event loop, pays what it owes if it does not come back. Decision
 * 0003 has the reasons.
 */
final class QueueConsumer {

    private static final VarHandle ROLE;

    static {
        try {
            ROLE = MethodHandles.lookup().findVarHandle(QueueConsumer.class, "role", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int FREE = 0;
    private static final int HELD = 1;

    /** Looks of somebody who wants to leave and finds something each time, before the event loop takes over. */
    private static final int LOOKS_BEFORE_HANDING_OVER = 8;

    /** How long an element can stay unseen when a reader left with the flag at 1 and did not come back. */
    private static final long GUARD_NANOS = Duration.ofMillis(1).toNanos();

    /** Traffic flows while a reader that sleeps leaves with its data again within this time. */
    private static final long FLOWING_NANOS = 250_000;

    /** Longest sleep at a time, so that a thread notices that it was interrupted. */
    private static final long MAX_SLEEP_NANOS = Duration.ofMillis(500).toNanos();

    /**
     * How long the end waits for a thread that has the role. One that sleeps may sleep for ever: a peer that only
     * receives no more ends nothing that a sleeper would notice.
     */
    private static final long LONGEST_END_NANOS = Duration.ofSeconds(1).toNanos();

    /** Looks between two checks of the deadline and the socket, which cost more than a look. */
    private static final int LOOKS_PER_CHECK = 64;

    private final ShmipcSession session;
    private final ReceiveQueue queue;
    private final EventLoop loop;
    private final SocketSleep sleep;
    private final Delivery delivery;
    private final WaitStrategy.Waiting waiting;
    private final ConcurrentLinkedQueue<ShmipcStream> followers = new ConcurrentLinkedQueue<>();
    private final EventLoop.Looker looker = this::look;

    @SuppressWarnings("UnusedVariable") // accessed through ROLE
    private volatile int role = FREE;

    /** Who has the role, for that thread to recognise itself; nobody else can read anything of use here. */
    private @Nullable Thread holder;

    /** The stream that the holder of the role waits for; null while it drains for others only. */
    private @Nullable ShmipcStream lookingFor;

    private volatile boolean guarded;
    private volatile boolean tickScheduled;
    private long leftNanos;
    private int entries;
    private int entriesAtLastTick;

    QueueConsumer(
            ShmipcSession session, ReceiveQueue queue, Connection connection, EventLoop loop, WaitStrategy strategy) {
        this.session = session;
        this.queue = queue;
        this.loop = loop;
        this.sleep = new SocketSleep(connection, loop);
        this.delivery = new Delivery(session, queue, connection, sleep);
        this.waiting = strategy.newWaiting();
    }

    /** Begins to watch the socket; what has come already is handled at once. */
    void start() throws IOException {
        sleep.register(this::onReady);
        loop.execute(this::onReady);
    }

    // ---------------------------------------------------------------- threads that wait for a stream

    /**
     * Waits until the stream has news; its read deadline may change meanwhile.
     *
     * @return false if the deadline passed
     */
    boolean await(ShmipcStream stream) {
        while (!stream.hasNews()) {
            if (stream.deadlines().isReadOverdue()) {
                return false;
            }
            if (holder == Thread.currentThread()) {
                waitInCallback(stream);
            } else if (VirtualThreads.isCurrent()) {
                tendOnce();
                follow(stream);
            } else if (tryEnter()) {
                lead(stream);
            } else {
                follow(stream);
            }
        }
        return true;
    }

    private void lead(ShmipcStream stream) {
        boolean back = false;
        try {
            back = willBeBack(lookFor(stream));
        } catch (InternalError fault) {
            throw session.memoryLost(fault);
        } finally {
            if (back && stream.isOpen()) {
                leaveAwake();
            } else {
                leaveAsleep();
            }
        }
    }

    /** Returns whether the calling reader, which has its data, will wait again in a moment. */
    private boolean willBeBack(boolean slept) {
        if (!slept && !session.sender().wokePeer()) {
            return true;
        }
        long now = System.nanoTime();
        boolean flowing = now - leftNanos < FLOWING_NANOS;
        leftNanos = now;
        return flowing && followers.isEmpty();
    }

    /** A callback that this very thread runs while it drains waits for more: it goes on where the drain stands. */
    private void waitInCallback(ShmipcStream stream) {
        if (session.streams().hasClosed()) {
            delivery.fromSocket();
        }
        lookFor(stream);
    }

    /** Looks, then sleeps, until the stream has news or its deadline has passed; returns whether it slept. */
    private boolean lookFor(ShmipcStream stream) {
        ShmipcStream before = lookingFor;
        lookingFor = stream;
        try {
            return lookUntilNews(stream);
        } finally {
            lookingFor = before;
        }
    }

    private boolean lookUntilNews(ShmipcStream stream) {
        boolean slept = false;
        int looks = 0;
        queue.markWorking();
        waiting.begin(session.sender().wokePeer());
        while (true) {
            boolean busy = delivery.fromQueue();
            if (stream.hasNews()) {
                waiting.found(slept);
                return slept;
            }
            if (delivery.hasMessages()) {
                delivery.fromSocket();
            } else if (!busy && !waiting.keepLooking()) {
                if (queue.markSleeping()) {
                    slept = true;
                    sleepFor(stream);
                }
            } else if (++looks % LOOKS_PER_CHECK != 0) {
                continue;
            } else if (sleep.isPaused() || loop.isCurrentThread()) {
                // The event loop, which says when the socket is ready, does not watch it, or waits here itself.
                delivery.fromSocket();
            }
            requireNotInterrupted();
            if (stream.deadlines().isReadOverdue()) {
                return slept;
            }
        }
    }

    /** Returns whether the calling thread, which holds the role, waits for the given stream. */
    boolean isLookingFor(ShmipcStream stream) {
        return lookingFor == stream;
    }

    private void sleepFor(ShmipcStream stream) {
        requireNotInterrupted();
        guarded = false;
        long deadlineNanos = stream.deadlines().readNanos();
        stream.parked(Thread.currentThread());
        boolean ready;
        try {
            ready = sleep.await(
                    sleepNanos(deadlineNanos),
                    () -> stream.hasNews() || stream.deadlines().readNanos() != deadlineNanos);
        } finally {
            stream.parked(null);
        }
        if (ready) {
            // The queue first: reading the socket can wait until there is nothing better to do.
            delivery.socketReady();
            queue.markWorking();
        }
    }

    private void follow(ShmipcStream stream) {
        boolean canLead = !VirtualThreads.isCurrent();
        stream.parked(Thread.currentThread());
        if (canLead) {
            followers.add(stream);
        }
        try {
            VarHandle.fullFence();
            if (!stream.hasNews() && (role == HELD || !canLead)) {
                requireNotInterrupted();
                LockSupport.parkNanos(this, sleepNanos(stream.deadlines().readNanos()));
            }
        } finally {
            if (canLead) {
                followers.remove(stream);
            }
            stream.parked(null);
        }
    }

    private static long sleepNanos(long deadlineNanos) {
        return deadlineNanos == Deadlines.NONE
                ? MAX_SLEEP_NANOS
                : Math.max(1, Math.min(MAX_SLEEP_NANOS, deadlineNanos - System.nanoTime()));
    }

    private static void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new ShmipcException(Reason.INTERRUPTED, "The thread was interrupted while it waited for data.");
        }
    }

    /** Wakes the thread that sleeps on the socket, because a stream has news that did not come from there. */
    void wakeSleeper() {
        sleep.wake();
    }

    // ---------------------------------------------------------------- the role

    private boolean tryEnter() {
        if (role == HELD || !ROLE.compareAndSet(this, FREE, HELD)) {
            return false;
        }
        holder = Thread.currentThread();
        entries++;
        return true;
    }

    /** Takes the role for good, at the session's end; false if somebody still has it. */
    boolean retire() {
        return tryEnter();
    }

    private void free() {
        holder = null;
        ROLE.setVolatile(this, FREE);
    }

    /** Leaves with the flag at 1; the guard looks if nobody comes back. */
    private void leaveAwake() {
        if (!guarded) {
            guarded = true;
            if (!tickScheduled) {
                loop.execute(this::scheduleTick);
            }
        }
        holder = null;
        ROLE.setRelease(this, FREE);
    }

    /** Leaves with the flag at 0 and the socket watched, or to the next waiting thread. */
    private void leaveAsleep() {
        boolean asleep = false;
        boolean watched = false;
        try {
            if (delivery.isSocketReady()) {
                delivery.fromSocket();
            }
            for (int looks = 0; !asleep && !session.isClosed() && looks < LOOKS_BEFORE_HANDING_OVER; looks++) {
                asleep = queue.markSleeping();
                if (!asleep) {
                    delivery.fromQueue();
                }
            }
            Mappings.raiseFaults();
        } catch (Throwable e) {
            session.broken(e);
        } finally {
            watched = sleep.resume();
            free();
        }
        if (!watched && !session.isClosed()) {
            guarded = true;
            loop.execute(this::scheduleTick);
        }
        if (!session.isClosed() && (!asleep || delivery.isSocketReady())) {
            loop.execute(this::attend);
        }
        ShmipcStream follower = followers.peek();
        if (follower != null) {
            follower.unpark();
        }
    }

    // ---------------------------------------------------------------- the event loop

    private void onReady() {
        delivery.socketReady();
        attend();
    }

    private void attend() {
        if (tryEnter()) {
            try {
                tend();
            } catch (Throwable e) {
                surrender(e);
            }
        }
    }

    /** Ends the session and gives the role back, whatever it was used for when this happened. */
    private void surrender(Throwable cause) {
        try {
            session.broken(cause);
        } finally {
            if (holder == Thread.currentThread()) {
                leaveAsleep();
            }
        }
    }

    private void tend() {
        queue.markWorking();
        boolean found = delivery.fromBoth();
        if (found && session.hasCallbacks()) {
            waiting.found(true);
            waiting.begin(session.sender().wokePeer());
            free();
            loop.lookAt(looker);
        } else {
            leaveAsleep();
        }
    }

    /** Looks once on behalf of callbacks; returns false when the socket will wake the loop, or a reader looks. */
    private boolean look() {
        try {
            return tryEnter() && lookAsHolder();
        } catch (Throwable e) {
            surrender(e);
            return false;
        }
    }

    private boolean lookAsHolder() {
        boolean found = delivery.fromBoth();
        if (found) {
            waiting.found(false);
            waiting.begin(session.sender().wokePeer());
        } else if (!waiting.keepLooking() || session.isClosed()) {
            leaveAsleep();
            return false;
        }
        free();
        return true;
    }

    private void scheduleTick() {
        if (!tickScheduled) {
            tickScheduled = true;
            entriesAtLastTick = entries - 1;
            loop.schedule(GUARD_NANOS, this::tick);
        }
    }

    /** Pays what a reader owes that left with the flag at 1. */
    private void tick() {
        // In this order: whoever has just become guarded, and saw a tick scheduled, is seen here.
        tickScheduled = false;
        if (!guarded || session.isClosed()) {
            return;
        }
        try {
            watch();
        } catch (Throwable e) {
            surrender(e);
        }
    }

    private void watch() {
        if (sleep.isPaused()) {
            // The event loop will not hear of the socket, so whoever has the role next must look there.
            delivery.socketReady();
        }
        if (tryEnter()) {
            boolean idle = entries == entriesAtLastTick + 1;
            boolean found = delivery.fromBoth();
            entriesAtLastTick = entries;
            // A callback that waited inside this drain slept on the socket, and ended the guard with it.
            if (!guarded || (idle && !found) || !followers.isEmpty()) {
                guarded = false;
                leaveAsleep();
                return;
            }
            free();
        }
        tickScheduled = true;
        loop.schedule(GUARD_NANOS, this::tick);
    }

    /** Lets the event loop take over for a thread that must not sleep on the socket itself. */
    private void tendOnce() {
        if (tryEnter()) {
            try {
                delivery.fromQueue();
            } finally {
                guarded = false;
                leaveAsleep();
            }
        }
    }

    /** Ends the session because a send failed, after everything that the peer sent before was delivered. */
    void endAfterDraining(ShmipcException failure) {
        long lastNanos = System.nanoTime() + LONGEST_END_NANOS;
        loop.execute(() -> lookForTheEnd(failure, lastNanos));
    }

    private void lookForTheEnd(ShmipcException failure, long lastNanos) {
        if (session.isClosed()) {
            return;
        }
        delivery.socketReady();
        if (!tryEnter()) {
            if (System.nanoTime() - lastNanos < 0) {
                loop.schedule(GUARD_NANOS, () -> lookForTheEnd(failure, lastNanos));
            } else {
                session.fail(failure);
            }
            return;
        }
        try {
            delivery.fromBoth();
            session.fail(failure);
            leaveAsleep();
        } catch (Throwable e) {
            surrender(e);
        }
    }

    /** Takes note of a wake-up message: the peer has set the flag. */
    void onPolling() {
        queue.onWakeUp();
    }

    SocketSleep sleep() {
        return sleep;
    }
}
