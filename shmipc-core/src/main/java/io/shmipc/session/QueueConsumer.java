package io.shmipc.session;

import io.shmipc.Network;
import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.WaitStrategy;
import io.shmipc.channel.Connection;
import io.shmipc.channel.EventLoop;
import io.shmipc.shm.ReceiveQueue;
import io.shmipc.sys.Mappings;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
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

    /** Looks of somebody who wants to leave and finds something each time, before the event loop takes over. */
    private static final int LOOKS_BEFORE_HANDING_OVER = 8;

    /** Traffic flows while a reader that sleeps leaves with its data again within this time. */
    private static final long FLOWING_NANOS = 250_000;

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
    private final QueueCloses closes;
    private final Delivery delivery;
    private final WaitStrategy.Waiting waiting;
    private final ConsumerRole role = new ConsumerRole();
    private final Followers followers = new Followers(role);
    private final ConsumerGuard guard;
    private final EventLoop.Looker looker = this::look;
    private final Runnable attend = this::attend;
    private final Runnable lookAtCloses = this::lookAtCloses;
    private final BooleanSupplier awake = this::isAwake;

    /** The stream that the holder of the role waits for; null while it drains for others only. */
    private @Nullable ShmipcStream lookingFor;

    /** Whether the event loop will look at closes that wait. */
    private volatile boolean lookScheduled;

    private long sleepDeadlineNanos;
    private long leftNanos;

    QueueConsumer(
            ShmipcSession session,
            ReceiveQueue queue,
            Connection connection,
            EventLoop loop,
            WaitStrategy.Waiting waiting) {
        this.session = session;
        this.queue = queue;
        this.loop = loop;
        this.sleep = new SocketSleep(connection, loop);
        this.closes = new QueueCloses(
                connection.remoteAddress().network() == Network.TCP,
                () -> !session.region().hasRoomFor(session.region().largestSliceBytes()),
                System::nanoTime);
        this.delivery = new Delivery(session, queue, connection, sleep, closes);
        this.waiting = waiting;
        this.guard = new ConsumerGuard(session, role, followers, delivery, this, loop);
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
            if (role.isMine()) {
                // A callback that this very thread runs while it drains: it goes on where the drain stands.
                lookFor(stream);
            } else if (VirtualThreads.isCurrent()) {
                tendOnce();
                followers.follow(stream);
            } else if (role.tryEnter()) {
                lead(stream);
            } else {
                followers.follow(stream);
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
            if (back && stream.isOpen() && closes.isEmpty()) {
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
            } else if (++looks % LOOKS_PER_CHECK != 0
                    && !(busy && stream.deadlines().isReadOverdue())) {
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
        guard.disarm();
        sleepDeadlineNanos = stream.deadlines().readNanos();
        stream.parked(Thread.currentThread());
        boolean ready;
        try {
            long sleepNanos = Math.min(Deadlines.sleepNanos(sleepDeadlineNanos), closes.leftNanos());
            ready = sleep.await(sleepNanos, awake);
        } finally {
            stream.parked(null);
        }
        if (ready) {
            // The queue first: reading the socket can wait until there is nothing better to do.
            delivery.socketReady();
            queue.markWorking();
        }
    }

    /** Returns whether the thread that is about to sleep, and has the role, need not. */
    private boolean isAwake() {
        ShmipcStream stream = lookingFor;
        return stream == null || stream.hasNews() || stream.deadlines().readNanos() != sleepDeadlineNanos;
    }

    static void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new ShmipcException(Reason.INTERRUPTED, "The thread was interrupted while it waited for data.");
        }
    }

    /** Wakes the thread that sleeps on the socket, because a stream has news that did not come from there. */
    void wakeSleeper() {
        sleep.wake();
    }

    // ---------------------------------------------------------------- the role

    /** Takes the role for good, at the session's end; false if somebody still has it. */
    boolean retire() {
        return role.tryEnter();
    }

    /** Leaves with the flag at 1; the guard looks if nobody comes back. */
    private void leaveAwake() {
        guard.arm();
        role.freeSoon();
    }

    /** Leaves with the flag at 0 and the socket watched, or to the next waiting thread. */
    void leaveAsleep() {
        boolean asleep = false;
        boolean watched = false;
        long closesDueInNanos = Long.MAX_VALUE;
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
            closesDueInNanos = closes.leftNanos();
            role.free();
        }
        if (closesDueInNanos != Long.MAX_VALUE) {
            lookAtClosesIn(closesDueInNanos);
        }
        if (!watched && !session.isClosed()) {
            guard.arm();
        }
        if (!session.isClosed() && (!asleep || delivery.isSocketReady())) {
            loop.execute(attend);
        }
        followers.wakeNext();
    }

    /** Has the event loop look at closes that wait; only when the role is free, or that look would find it held. */
    private void lookAtClosesIn(long nanos) {
        if (!lookScheduled && !session.isClosed()) {
            lookScheduled = true;
            loop.schedule(Math.max(ConsumerGuard.TICK_NANOS, nanos), lookAtCloses);
        }
    }

    private void lookAtCloses() {
        // In this order: whoever leaves while this finds the role held asks for another look.
        lookScheduled = false;
        attend();
    }

    // ---------------------------------------------------------------- the event loop

    private void onReady() {
        delivery.socketReady();
        attend();
    }

    private void attend() {
        if (role.tryEnter()) {
            try {
                tend();
            } catch (Throwable e) {
                surrender(e);
            }
        }
    }

    /** Ends the session and gives the role back, whatever it was used for when this happened. */
    void surrender(Throwable cause) {
        try {
            session.broken(cause);
        } finally {
            if (role.isMine()) {
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
            role.free();
            loop.lookAt(looker);
        } else {
            leaveAsleep();
        }
    }

    /** Looks once on behalf of callbacks; returns false when the socket will wake the loop, or a reader looks. */
    private boolean look() {
        try {
            return role.tryEnter() && lookAsHolder();
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
        role.free();
        return true;
    }

    // ---------------------------------------------------------------- other ways in

    /** Lets the event loop take over for a thread that must not sleep on the socket itself. */
    private void tendOnce() {
        if (role.tryEnter()) {
            try {
                delivery.fromQueue();
            } finally {
                guard.disarm();
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
        if (!role.tryEnter()) {
            if (System.nanoTime() - lastNanos < 0) {
                loop.schedule(ConsumerGuard.TICK_NANOS, () -> lookForTheEnd(failure, lastNanos));
            } else {
                session.fail(failure);
            }
            return;
        }
        try {
            boolean more = delivery.fromBoth() && System.nanoTime() - lastNanos < 0;
            if (!more) {
                session.fail(failure);
            }
            leaveAsleep();
            if (more) {
                loop.execute(() -> lookForTheEnd(failure, lastNanos));
            }
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
