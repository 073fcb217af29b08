package io.shmipc.channel;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.UnsupportedPlatformException;
import io.shmipc.sys.Descriptor;
import io.shmipc.sys.Epoll;
import io.shmipc.sys.Errno;
import io.shmipc.sys.EventFd;
import io.shmipc.sys.NativeException;
import io.shmipc.sys.Platform;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon thread that waits for sockets, runs tasks and timers, and looks at queues that expect traffic.
 *
 * <p>Nothing that runs here may block: handshakes are state machines, short messages are posted, callbacks run elsewhere
 * unless their owner chose otherwise. Sockets are watched edge-triggered; a handler reads until nothing is left.
 *
 * <p>One loop serves every session of the process; it lives while somebody holds a {@link #acquire() lease}.
 *
 * <p><b>Threads:</b> any thread calls the public methods; handlers, tasks, timers and looks run on the loop's thread.
 */
public final class EventLoop {

    /** Reacts to a socket; owned here, provided above. */
    @FunctionalInterface
    public interface Handler {
        /** Called on the loop when the socket became readable, was hung up, or both. */
        void onReady();
    }

    /** A queue that is looked at instead of sleeping; owned here, provided above. */
    @FunctionalInterface
    public interface Looker {
        /** Looks once; returns false when looking no longer pays and the queue will wake the loop. */
        boolean look();
    }

    /** Something that is done after a delay, time and again if need be, without making garbage. */
    public final class Timer implements Comparable<Timer> {
        private final Runnable action;
        private long dueNanos;
        private long order;

        private Timer(Runnable action) {
            this.action = action;
        }

        /** Begins a delay; call on the loop's thread, and not before the last one is over. */
        public void start(long delayNanos) {
            startAt(System.nanoTime() + delayNanos);
        }

        private void startAt(long nanos) {
            dueNanos = nanos;
            order = timerOrder++;
            timers.add(this);
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(dueNanos - other.dueNanos, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final long WAKE_UP_KEY = 0;
    private static final int MAX_EVENTS = 256;

    /** Looks at expectant queues between two looks at the sockets, which cost a system call. */
    private static final int LOOKS_PER_POLL = 64;

    /** How long looks may keep sockets and timers waiting: one look of a flooded queue takes long. */
    private static final long LOOKING_NANOS = 1_000_000;

    private static @Nullable EventLoop shared;
    private static int leases;

    private final Epoll epoll;
    private final EventFd wakeUp;
    private final AtomicLong keys = new AtomicLong(WAKE_UP_KEY);
    private final ConcurrentHashMap<Long, Handler> handlers = new ConcurrentHashMap<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> turn = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final List<Looker> lookers = new ArrayList<>();
    private long timerOrder;
    private final Runnable round = this::round;
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean stopped;

    private EventLoop(Epoll epoll, EventFd wakeUp) {
        this.epoll = epoll;
        this.wakeUp = wakeUp;
        thread = new DaemonThread(this::run, "shmipc-event-loop");
    }

    private static EventLoop create() {
        Epoll epoll = null;
        EventFd wakeUp = null;
        try {
            epoll = Epoll.create(MAX_EVENTS);
            wakeUp = EventFd.create();
            epoll.add(wakeUp.descriptor(), Epoll.IN | Epoll.EDGE_TRIGGERED, WAKE_UP_KEY);
            return new EventLoop(epoll, wakeUp);
        } catch (NativeException e) {
            if (wakeUp != null) {
                wakeUp.close();
            }
            if (epoll != null) {
                epoll.close();
            }
            throw new ShmipcException(
                    Reason.SYSTEM_CALL_FAILED, "Cannot make an event loop: " + e.getMessage() + advice(e), e);
        }
    }

    private static String advice(NativeException e) {
        return switch (e.errno()) {
            case Errno.EMFILE, Errno.ENFILE -> ". Raise the limit of open files.";
            case Errno.ENOSPC -> ". Raise fs.epoll.max_user_watches.";
            default -> ".";
        };
    }

    /**
     * Returns the process's loop, started if need be; give it back with {@link #release()}.
     *
     * @throws UnsupportedPlatformException if this machine cannot run shmipc
     */
    public static synchronized EventLoop acquire() {
        try {
            Platform.requireSupported();
        } catch (UnsupportedOperationException e) {
            throw new UnsupportedPlatformException(e.getMessage() + ".", e);
        }
        EventLoop loop = shared;
        if (loop == null) {
            loop = create();
            loop.begin();
            shared = loop;
        }
        leases++;
        return loop;
    }

    private void begin() {
        try {
            thread.start();
        } catch (Throwable e) {
            wakeUp.close();
            epoll.close();
            throw e;
        }
    }

    /** Ends a lease; the last one stops the loop once its tasks are done. */
    public static synchronized void release() {
        EventLoop loop = shared;
        if (--leases == 0 && loop != null) {
            shared = null;
            loop.execute(() -> loop.stopped = true);
        }
    }

    /** Watches a socket; returns the key for {@link #pause}, {@link #resume} and {@link #unregister}. */
    public long register(Descriptor socket, Handler handler) throws IOException {
        long key = keys.incrementAndGet();
        handlers.put(key, handler);
        try {
            epoll.add(socket, Epoll.IN | Epoll.RDHUP | Epoll.EDGE_TRIGGERED, key);
        } catch (IOException e) {
            handlers.remove(key);
            throw e;
        }
        return key;
    }

    /** Stops watching a socket for a while. */
    public void pause(Descriptor socket, long key) throws IOException {
        epoll.modify(socket, 0, key);
    }

    /** Watches a paused socket again; what came meanwhile counts as new. */
    public void resume(Descriptor socket, long key) throws IOException {
        epoll.modify(socket, Epoll.IN | Epoll.RDHUP | Epoll.EDGE_TRIGGERED, key);
    }

    /** Stops watching a socket for good, before it is closed. */
    public void unregister(Descriptor socket, long key) {
        handlers.remove(key);
        try {
            epoll.remove(socket);
        } catch (IOException e) {
            LOG.debug("socket was not watched", e);
        }
    }

    /** Runs a task on the loop, soon. */
    public void execute(Runnable task) {
        tasks.add(task);
        if (asleep && Thread.currentThread() != thread) {
            wakeUp.signal();
        }
    }

    /** Runs a task on the loop after a delay. */
    public void schedule(long delayNanos, Runnable task) {
        Timer timer = timer(task);
        long dueNanos = System.nanoTime() + delayNanos;
        if (isCurrentThread()) {
            timer.startAt(dueNanos);
        } else {
            execute(() -> timer.startAt(dueNanos));
        }
    }

    /** Returns a timer of this loop that is not started yet. */
    public Timer timer(Runnable action) {
        return new Timer(action);
    }

    /** Runs a task on the process's loop after a delay, even if everybody else gives the loop back meanwhile. */
    public static void later(long delayNanos, Runnable task) {
        acquire().schedule(delayNanos, () -> {
            try {
                task.run();
            } finally {
                release();
            }
        });
    }

    /** Looks at a queue until its looker returns false; call on the loop's thread. */
    public void lookAt(Looker looker) {
        if (!lookers.contains(looker)) {
            lookers.add(looker);
        }
    }

    /** Returns whether the calling thread is the loop's. */
    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /** Refuses a call that waits for what this loop does, where it comes from the loop itself. */
    public void requireOtherThread(String call) {
        if (isCurrentThread()) {
            throw new IllegalStateException(call + " waits for the event loop and was called on it. Call it on another"
                    + " thread, or let callbacks run on an executor of their own: callbackExecutor.");
        }
    }

    private void run() {
        try {
            while (!stopped) {
                guarded(round);
            }
        } finally {
            wakeUp.close();
            epoll.close();
        }
    }

    private void round() {
        handleSockets();
        runTasks();
        runTimers();
        look();
    }

    private void handleSockets() {
        int ready = 0;
        try {
            asleep = true;
            long timeout = lookers.isEmpty() && tasks.isEmpty() ? untilNextTimer() : 0;
            ready = epoll.await(timeout);
        } catch (IOException e) {
            LOG.error("waiting for sockets failed", e);
        } finally {
            asleep = false;
        }
        for (int i = 0; i < ready; i++) {
            handle(epoll.key(i));
        }
    }

    private void handle(long key) {
        try {
            if (key == WAKE_UP_KEY) {
                wakeUp.drain();
                return;
            }
            Handler handler = handlers.get(key);
            if (handler != null) {
                handler.onReady();
            }
        } catch (Throwable e) {
            report("a socket was not handled", e);
        }
    }

    private long untilNextTimer() {
        Timer next = timers.peek();
        return next == null ? -1 : Math.max(0, next.dueNanos - System.nanoTime());
    }

    /** Runs the tasks that are there; one that asks for another turn has it after the sockets had theirs. */
    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            turn.add(task);
        }
        for (Runnable task = turn.poll(); task != null; task = turn.poll()) {
            guarded(task);
        }
    }

    /** Runs the timers that are due; one that begins anew has its turn after sockets and tasks had theirs. */
    private void runTimers() {
        long now = System.nanoTime();
        Timer next = timers.peek();
        while (next != null && next.dueNanos - now < 0) {
            timers.poll();
            guarded(next.action);
            next = timers.peek();
        }
    }

    private void look() {
        long begunNanos = System.nanoTime();
        for (int round = 0; round < LOOKS_PER_POLL && !lookers.isEmpty(); round++) {
            lookAtEach();
            if (!tasks.isEmpty() || System.nanoTime() - begunNanos >= LOOKING_NANOS) {
                return;
            }
        }
    }

    /** Looks once at each queue; a look may bring further lookers, which are appended. */
    private void lookAtEach() {
        int index = 0;
        while (index < lookers.size()) {
            if (lookSafely(lookers.get(index))) {
                index++;
            } else {
                lookers.remove(index);
            }
        }
    }

    private static boolean lookSafely(Looker looker) {
        try {
            return looker.look();
        } catch (Throwable e) {
            report("looking at a queue failed", e);
            return false;
        }
    }

    /** Runs what must not end the loop, whatever it throws: every session of the process lives on it. */
    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            report("an event was not handled", e);
        }
    }

    private static void report(String what, Throwable e) {
        try {
            LOG.error(what, e);
        } catch (Throwable unreported) {
            // There is no memory even to tell of it, or the logger fails: the loop must live nevertheless.
        }
    }
}
