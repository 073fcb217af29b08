package io.shmipc.sys;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Owns one file descriptor of this process and closes it exactly once.
 *
 * <p>The calls of this package hold the descriptor while they run: one that is closed meanwhile takes no new calls, and
 * its number goes back to the system when the last call has returned, so that a call never hits a stranger that got the
 * same number. To end a call that sleeps, wake it: {@link Sockets#shutdown} or an {@link EventFd} beside it.
 *
 * <p><b>Threads:</b> any.
 */
public final class Descriptor implements AutoCloseable {
    private static final int CLOSING = 1;
    private static final int CALL = 2;
    private static final int GONE = 1 << 30;

    private final int fd;
    private final String label;

    /** CLOSING once {@link #close} was called, CALL for every call that is under way, GONE once the number is free. */
    private final AtomicInteger state = new AtomicInteger();

    /**
     * Takes over a descriptor.
     *
     * @param fd the number, which nobody else closes
     * @param label what it is, for messages
     */
    Descriptor(int fd, String label) {
        this.fd = fd;
        this.label = label;
    }

    /**
     * Returns the number. It is valid while the caller knows that nobody closes this descriptor.
     *
     * @throws IllegalStateException if it is closed
     */
    public int fd() {
        if (!isOpen()) {
            throw closed();
        }
        return fd;
    }

    /** Tells whether {@link #close} has not been called yet. */
    public boolean isOpen() {
        return (state.get() & CLOSING) == 0;
    }

    /**
     * Returns the path under which this process can open the same file again, /proc/self/fd/N.
     *
     * @throws IllegalStateException if it is closed
     */
    public Path procPath() {
        return Path.of("/proc/self/fd/" + fd());
    }

    /** Closes the descriptor; closing it again does nothing. Calls that are under way come to their end first. */
    @Override
    public void close() {
        int before = state.getAndUpdate(value -> value | CLOSING);
        if (before == 0) {
            closeOnce();
        }
    }

    /** Returns the number and keeps it valid until {@link #exit}; throws IllegalStateException if it is closed. */
    int enter() {
        if (!tryEnter()) {
            throw closed();
        }
        return fd;
    }

    /** Keeps the number valid until {@link #exit} and returns true, or returns false if it is closed. */
    boolean tryEnter() {
        int before = state.getAndAdd(CALL);
        if ((before & CLOSING) != 0) {
            exit();
            return false;
        }
        return true;
    }

    /** Returns the number; only between {@link #tryEnter} and {@link #exit}. */
    int entered() {
        return fd;
    }

    /** Ends what {@link #enter} began. */
    void exit() {
        if (state.addAndGet(-CALL) == CLOSING) {
            closeOnce();
        }
    }

    /** Returns what this is, without its number, as the target of a failed call. */
    String label() {
        return label;
    }

    private void closeOnce() {
        if (state.compareAndSet(CLOSING, CLOSING | GONE)) {
            Libc.close(fd);
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("closed: " + this);
    }

    @Override
    public String toString() {
        return label + " [fd " + fd + "]";
    }
}
