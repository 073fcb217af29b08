package io.shmipc.sys;

import java.io.UncheckedIOException;
import java.lang.ref.Reference;

/**
 * A flag that wakes a thread asleep in a {@link PollSet} or an {@link Epoll}: readable from signal to drain.
 *
 * <p><b>Threads:</b> any.
 */
public final class EventFd implements AutoCloseable {
    private static final int COUNTER_BYTES = 8;

    private final Descriptor descriptor;

    /** The 1 that signal writes, and room for the counter that drain reads and nobody looks at. */
    private final NativeBuffer counters;

    private EventFd(Descriptor descriptor) {
        this.descriptor = descriptor;
        this.counters = NativeBuffer.struct(2 * COUNTER_BYTES);
        counters.bytes().putLong(0, 1);
    }

    /**
     * Creates a flag that is not signalled.
     *
     * @throws NativeException if the system refuses, for instance with EMFILE
     */
    public static EventFd create() throws NativeException {
        int fd = Libc.check(Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK), "eventfd", "0");
        return new EventFd(new Descriptor(fd, "eventfd"));
    }

    /** Returns the descriptor to wait on for {@link PollSet#IN}. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** Makes the descriptor readable and wakes who waits for it. A flag that is signalled or closed stays so. */
    public void signal() {
        if (!descriptor.tryEnter()) {
            return;
        }
        try {
            long written;
            do {
                written = Libc.write(descriptor.entered(), counters.address(), COUNTER_BYTES);
            } while (written < 0 && Libc.interrupted());
            requireOnlyWouldBlock(written, "write");
        } finally {
            descriptor.exit();
            Reference.reachabilityFence(counters);
        }
    }

    /**
     * Makes the descriptor unreadable until the next signal.
     *
     * @return whether it was signalled
     * @throws IllegalStateException if it is closed
     */
    public boolean drain() {
        int fd = descriptor.enter();
        try {
            long read;
            do {
                read = Libc.read(fd, counters.address() + COUNTER_BYTES, COUNTER_BYTES);
            } while (read < 0 && Libc.interrupted());
            requireOnlyWouldBlock(read, "read");
            return read > 0;
        } finally {
            descriptor.exit();
            Reference.reachabilityFence(counters);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }

    /** A counter that is full is signalled already, one that is empty is drained already; nothing else can fail. */
    private void requireOnlyWouldBlock(long result, String call) {
        if (result < 0 && Libc.errno() != Errno.EAGAIN) {
            throw new UncheckedIOException(new NativeException(call, descriptor.label(), Libc.errno()));
        }
    }
}
