package io.shmipc.sys;

import java.lang.ref.Reference;
import java.util.Objects;

/**
 * A few descriptors that one thread sleeps on at once, typically a socket and an {@link EventFd}.
 * Waiting allocates nothing; it costs one system call. An interrupt of the thread does not end it.
 *
 * <pre>
 * struct pollfd { int fd; short events; short revents; }    8 bytes: 0, 4, 6
 * </pre>
 *
 * <p><b>Threads:</b> one at a time. Closing a descriptor does not wake a thread that waits for it.
 */
public final class PollSet {
    /** There is something to read, a connection to accept, or the end of the stream. */
    public static final int IN = 0x1;

    /** There is room to write, or a connection attempt has ended. */
    public static final int OUT = 0x4;

    /** The descriptor has an error; always reported. */
    public static final int ERR = 0x8;

    /** Both directions have ended; always reported. */
    public static final int HUP = 0x10;

    /** The peer writes no more. */
    public static final int RDHUP = 0x2000;

    private static final int POLLFD_BYTES = 8;
    private static final int EVENTS = 4;
    private static final int REVENTS = 6;
    private static final int INVALID = 0x20;

    private final Descriptor[] descriptors;
    private final NativeBuffer structs;
    private final int timespec;

    /** Makes a set that waits for {@link #IN} and {@link #RDHUP} on each of the descriptors, which it does not own. */
    public PollSet(Descriptor... descriptors) {
        this.descriptors = descriptors.clone();
        this.timespec = descriptors.length * POLLFD_BYTES;
        this.structs = NativeBuffer.struct(timespec + Timespec.BYTES);
        for (int index = 0; index < descriptors.length; index++) {
            structs.bytes().putInt(index * POLLFD_BYTES, descriptors[index].fd());
            interest(index, IN | RDHUP);
        }
    }

    /** Sets what to wait for on one of the descriptors: a set of {@link #IN}, {@link #OUT}, {@link #RDHUP}. */
    public void interest(int index, int events) {
        structs.bytes().putShort(offset(index) + EVENTS, (short) events);
    }

    /**
     * Waits until something happens on any of the descriptors.
     *
     * @param timeoutNanos how long at most; 0 looks without waiting, -1 waits for ever
     * @return on how many descriptors something happened; 0 when time is up
     * @throws IllegalStateException if one of them is closed
     * @throws NativeException if the system refuses
     */
    public int await(long timeoutNanos) throws NativeException {
        int entered = 0;
        try {
            for (Descriptor descriptor : descriptors) {
                descriptor.enter();
                entered++;
            }
            return poll(timeoutNanos);
        } finally {
            while (entered > 0) {
                descriptors[--entered].exit();
            }
            Reference.reachabilityFence(structs);
        }
    }

    /** Returns what the last {@link #await} found on one of the descriptors: a set of the constants of this class. */
    public int events(int index) {
        return structs.bytes().getShort(offset(index) + REVENTS);
    }

    /** Tells whether the last {@link #await} found something to read, or the end of the stream. */
    public boolean readable(int index) {
        return (events(index) & IN) != 0;
    }

    /** Tells whether the last {@link #await} found room to write. */
    public boolean writable(int index) {
        return (events(index) & OUT) != 0;
    }

    /** Tells whether the last {@link #await} found that the peer hung up or an error; unread bytes may be left. */
    public boolean hungUp(int index) {
        return (events(index) & (RDHUP | HUP | ERR | INVALID)) != 0;
    }

    private int offset(int index) {
        return Objects.checkIndex(index, descriptors.length) * POLLFD_BYTES;
    }

    private int poll(long timeoutNanos) throws NativeException {
        long start = timeoutNanos > 0 ? System.nanoTime() : 0;
        long leftNanos = timeoutNanos;
        while (true) {
            int ready = Libc.ppoll(structs.address(), descriptors.length, timespec(leftNanos), 0);
            if (ready >= 0) {
                return ready;
            }
            int errno = Libc.errno();
            if (errno != Errno.EINTR) {
                throw new NativeException("ppoll", descriptors.length + " descriptors", errno);
            }
            if (timeoutNanos > 0) {
                leftNanos = Math.max(0, timeoutNanos - (System.nanoTime() - start));
            }
        }
    }

    private long timespec(long nanos) {
        return nanos < 0 ? 0 : Timespec.write(structs, timespec, nanos);
    }
}
