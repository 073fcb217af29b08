package io.shmipc.sys;

import java.lang.ref.Reference;
import java.util.Objects;

/**
 * Many descriptors that one thread sleeps on; each carries a key that comes back with its events.
 * Waiting allocates nothing; it costs one system call. An interrupt of the thread does not end it.
 *
 * <pre>
 * struct epoll_event { uint32_t events; uint64_t data; }    x86-64: packed, 12 bytes: 0, 4
 *                                                           aarch64:        16 bytes: 0, 8
 * </pre>
 *
 * <p><b>Threads:</b> one waits and looks at what it found; any may add, modify and remove meanwhile.
 */
public final class Epoll implements AutoCloseable {
    /** There is something to read, a connection to accept, or the end of the stream. */
    public static final int IN = 0x1;

    /** There is room to write. */
    public static final int OUT = 0x4;

    /** The descriptor has an error; always reported. */
    public static final int ERR = 0x8;

    /** Both directions have ended; always reported. */
    public static final int HUP = 0x10;

    /** The peer writes no more. */
    public static final int RDHUP = 0x2000;

    /** Events are reported once when they happen, not as long as they last. */
    public static final int EDGE_TRIGGERED = 1 << 31;

    private static final int DATA = Platform.isArm64() ? 8 : 4;
    private static final int EVENT_BYTES = DATA + 8;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    /** Cleared for good when the kernel, or a sandbox around this process, does not know epoll_pwait2. */
    private static volatile boolean nanosecondWaits = true;

    private final Descriptor descriptor;
    private final int maxEvents;
    private final NativeBuffer found;
    private final int timespec;
    private final Object changeLock = new Object();

    /** Used under changeLock. */
    private final NativeBuffer change = NativeBuffer.struct(EVENT_BYTES);

    private int ready;

    private Epoll(Descriptor descriptor, int maxEvents) {
        this.descriptor = descriptor;
        this.maxEvents = maxEvents;
        this.timespec = Math.multiplyExact(maxEvents, 2 * Long.BYTES);
        this.found = NativeBuffer.struct(timespec + Timespec.BYTES);
    }

    /**
     * Creates an empty set.
     *
     * @param maxEvents how many events one wait returns at most, at least 1; the others come with the next wait
     * @throws IllegalArgumentException if maxEvents is not positive
     * @throws NativeException if the system refuses, for instance with EMFILE
     */
    public static Epoll create(int maxEvents) throws NativeException {
        if (maxEvents <= 0) {
            throw new IllegalArgumentException("an epoll set returns at least 1 event per wait, not " + maxEvents);
        }
        int fd = Libc.check(Libc.epoll_create1(Libc.O_CLOEXEC), "epoll_create1", "");
        return new Epoll(new Descriptor(fd, "epoll"), maxEvents);
    }

    /**
     * Starts to watch a descriptor. Closing it ends that.
     *
     * @param events a set of {@link #IN}, {@link #OUT}, {@link #RDHUP}, {@link #EDGE_TRIGGERED}
     * @param key comes back with every event of it
     * @throws IllegalStateException if this or the descriptor is closed
     * @throws NativeException with EEXIST if it is watched already, or another error
     */
    public void add(Descriptor watched, int events, long key) throws NativeException {
        control(Libc.EPOLL_CTL_ADD, watched, events, key);
    }

    /**
     * Changes what to watch a descriptor for.
     *
     * @throws IllegalStateException if this or the descriptor is closed
     * @throws NativeException with ENOENT if it is not watched, or another error
     */
    public void modify(Descriptor watched, int events, long key) throws NativeException {
        control(Libc.EPOLL_CTL_MOD, watched, events, key);
    }

    /**
     * Stops watching a descriptor. Events that the last wait found stay in its result.
     *
     * @throws IllegalStateException if this or the descriptor is closed
     * @throws NativeException with ENOENT if it is not watched, or another error
     */
    public void remove(Descriptor watched) throws NativeException {
        control(Libc.EPOLL_CTL_DEL, watched, 0, 0);
    }

    /**
     * Waits until something happens on any of the watched descriptors.
     *
     * @param timeoutNanos how long at most; 0 looks without waiting, -1 waits for ever; rounded up to milliseconds
     *     before Linux 5.11
     * @return how many events were found; 0 when time is up
     * @throws IllegalStateException if this is closed
     * @throws NativeException if the system refuses
     */
    public int await(long timeoutNanos) throws NativeException {
        int fd = descriptor.enter();
        try {
            ready = 0;
            long start = timeoutNanos > 0 ? System.nanoTime() : 0;
            long leftNanos = timeoutNanos;
            while (true) {
                int count = poll(fd, leftNanos);
                if (count >= 0) {
                    ready = count;
                    return count;
                }
                int errno = Libc.errno();
                if (errno != Errno.EINTR) {
                    throw new NativeException("epoll_wait", descriptor.label(), errno);
                }
                if (timeoutNanos > 0) {
                    leftNanos = Math.max(0, timeoutNanos - (System.nanoTime() - start));
                }
            }
        } finally {
            descriptor.exit();
            Reference.reachabilityFence(found);
        }
    }

    /** Returns the key of one of the events that the last {@link #await} found. */
    public long key(int index) {
        return found.bytes().getLong(Objects.checkIndex(index, ready) * EVENT_BYTES + DATA);
    }

    /** Returns what happened at one of the events that the last {@link #await} found: a set of the constants. */
    public int events(int index) {
        return found.bytes().getInt(Objects.checkIndex(index, ready) * EVENT_BYTES);
    }

    /** Closes the set, not what it watches. A thread that waits is not woken: signal it first. */
    @Override
    public void close() {
        descriptor.close();
    }

    private int poll(int fd, long timeoutNanos) {
        if (timeoutNanos > 0 && timeoutNanos % NANOS_PER_MILLI != 0 && nanosecondWaits) {
            long address = Timespec.write(found, timespec, timeoutNanos);
            long count = Libc.syscall(Libc.SYS_EPOLL_PWAIT2, fd, found.address(), maxEvents, address, 0, 0);
            if (count >= 0 || (Libc.errno() != Errno.ENOSYS && Libc.errno() != Errno.EPERM)) {
                return (int) count;
            }
            nanosecondWaits = false;
        }
        return Libc.epoll_wait(fd, found.address(), maxEvents, millis(timeoutNanos));
    }

    /** Rounds up, so that a wait never ends early and then spins. */
    private static int millis(long nanos) {
        if (nanos <= 0) {
            return (int) Math.max(nanos, -1);
        }
        return (int) Math.min((nanos - 1) / NANOS_PER_MILLI + 1, Integer.MAX_VALUE);
    }

    private void control(int operation, Descriptor watched, int events, long key) throws NativeException {
        int fd = descriptor.enter();
        try {
            int watchedFd = watched.enter();
            try {
                synchronized (changeLock) {
                    change.bytes().putInt(0, events).putLong(DATA, key);
                    int result = Libc.epoll_ctl(fd, operation, watchedFd, change.address());
                    Libc.check(result, "epoll_ctl", watched.label());
                }
            } finally {
                watched.exit();
            }
        } finally {
            descriptor.exit();
            Reference.reachabilityFence(this);
        }
    }
}
