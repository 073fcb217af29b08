package io.shmipc.shm;

import io.shmipc.layout.Cells;
import io.shmipc.layout.QueueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The queue that this process produces for its peer; {@link QueueLayout} draws it.
 *
 * <p>The tail is counted here and only published, so nothing that the peer writes there is ever read. It is published
 * as two words, the low one first: while a counter passes 2³² the peer sees it far behind for a moment, never ahead.
 *
 * <p>The lock is a word of its own and not a monitor: it is held for a dozen stores, and giving a monitor back costs a
 * second exchange, a tenth of a small message's time.
 *
 * <p><b>Threads:</b> any; producers of one process exclude each other.
 */
public final class SendQueue {

    /** What became of an element. */
    public enum Outcome {
        /** It is on the queue. */
        PUT,
        /** The peer has not drained the queue. */
        FULL,
        /** The peer's head counter makes no sense. */
        CORRUPT
    }

    private static final VarHandle LOCKED;

    static {
        try {
            LOCKED = MethodHandles.lookup().findVarHandle(SendQueue.class, "locked", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Looks at a lock before its holder, which may share the core, gets the processor. */
    private static final int LOOKS_AT_LOCK = 64;

    private final ByteBuffer memory;
    private final int headOffset;
    private final int tailOffset;
    private final int workingOffset;
    private final int capacity;
    private final int first;
    private int slot;
    private long tail;
    private int headSeen;
    private long payloadBytes;

    @SuppressWarnings("UnusedVariable") // accessed through LOCKED
    private volatile boolean locked;

    SendQueue(ByteBuffer memory, QueueLayout layout, int capacity, long tail) {
        this.memory = memory;
        this.headOffset = layout.head();
        this.tailOffset = layout.tail();
        this.workingOffset = layout.working();
        this.capacity = capacity;
        this.first = (int) tail;
        this.tail = tail;
        this.slot = (int) Long.remainderUnsigned(tail, capacity);
        this.headSeen = (int) tail - capacity;
    }

    /**
     * Publishes one element; the caller then asks {@link #mustWake()}.
     *
     * @param chainBytes how many bytes the chain at the offset holds, to be counted
     */
    public Outcome put(int streamId, int offset, int status, int chainBytes) {
        lock();
        try {
            return putLocked(streamId, offset, status, chainBytes);
        } finally {
            unlock();
        }
    }

    private Outcome putLocked(int streamId, int offset, int status, int chainBytes) {
        int low = (int) tail;
        if (low - headSeen >= capacity) {
            int head = Cells.loadAcquire(memory, headOffset);
            int pending = low - head;
            if (pending < 0 || pending > capacity) {
                return Outcome.CORRUPT;
            }
            headSeen = head;
            if (pending == capacity) {
                return Outcome.FULL;
            }
        }
        int element = QueueLayout.HEADER_BYTES + slot * QueueLayout.ELEMENT_BYTES;
        Cells.storePlain(memory, element + QueueLayout.ELEMENT_STREAM_ID, streamId);
        Cells.storePlain(memory, element + QueueLayout.ELEMENT_OFFSET, offset);
        Cells.storePlain(memory, element + QueueLayout.ELEMENT_STATUS, status);
        slot = slot + 1 == capacity ? 0 : slot + 1;
        tail++;
        payloadBytes += chainBytes;
        Cells.storeRelease(memory, tailOffset, (int) tail);
        if ((int) tail == 0) {
            Cells.storeRelease(memory, tailOffset + Integer.BYTES, (int) (tail >>> Integer.SIZE));
        }
        return Outcome.PUT;
    }

    /**
     * Claims the duty to wake the peer, after elements were put.
     *
     * <p>A look at the flag comes before the compare-and-set, because a failing one would still take the cache line
     * away from a peer that is reading it. The fence keeps the look behind the publication of the tail.
     *
     * @return true if the peer sleeps and the caller must send it a wake-up; false if it will look by itself
     */
    public boolean mustWake() {
        Cells.fullFence();
        return Cells.loadOpaque(memory, workingOffset) == 0 && Cells.compareAndSet(memory, workingOffset, 0, 1);
    }

    /** Returns how many elements the peer has not consumed, at most the capacity. */
    public int pending() {
        lock();
        try {
            int pending = (int) tail - Cells.loadAcquire(memory, headOffset);
            return Math.max(0, Math.min(pending, capacity));
        } finally {
            unlock();
        }
    }

    /** Returns whether the peer has consumed anything, and so has mapped the queue. */
    public boolean isConsumed() {
        return Cells.loadAcquire(memory, headOffset) != first;
    }

    /** Returns how many bytes the chains held that were published. */
    public long payloadBytes() {
        lock();
        try {
            return payloadBytes;
        } finally {
            unlock();
        }
    }

    private void lock() {
        for (int looks = 1; !LOCKED.compareAndSet(this, false, true); looks++) {
            if (looks % LOOKS_AT_LOCK == 0) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void unlock() {
        LOCKED.setRelease(this, false);
    }

    /** Returns how many elements fit. */
    public int capacity() {
        return capacity;
    }
}
