package io.shmipc.shm;

import io.shmipc.layout.Cells;
import io.shmipc.layout.QueueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The queue that the peer produces for this process; {@link QueueLayout} draws it.
 *
 * <p>The head is counted here and only published, the low word first. Elements are copied out in batches before the
 * head passes them, so that each is read once and the peer can refill the slots while the batch is worked on.
 *
 * <p><b>Threads:</b> one consumer at a time, with happens-before between consumers; {@link #isEmpty()} and
 * {@link #pending()} from any thread.
 */
public final class ReceiveQueue {

    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(ReceiveQueue.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Most elements that one {@link #take()} copies out. */
    private static final int BATCH = 64;

    private final ByteBuffer memory;
    private final int headOffset;
    private final int tailOffset;
    private final int workingOffset;
    private final int capacity;
    private final int[] streamIds;
    private final int[] offsets;
    private final int[] statuses;
    private int slot;

    /** Written by the consumer; {@link #pending()} of another thread may see it a moment late. */
    private long head;

    private boolean working;

    @SuppressWarnings("UnusedVariable") // keeps the look of fetchAhead from being optimised away
    private int fetched;

    ReceiveQueue(ByteBuffer memory, QueueLayout layout, int capacity, long head) {
        this.memory = memory;
        this.headOffset = layout.head();
        this.tailOffset = layout.tail();
        this.workingOffset = layout.working();
        this.capacity = capacity;
        int batch = Math.min(BATCH, capacity);
        this.streamIds = new int[batch];
        this.offsets = new int[batch];
        this.statuses = new int[batch];
        this.head = head;
        this.slot = (int) Long.remainderUnsigned(head, capacity);
    }

    /** Returns how many elements fit. */
    public int capacity() {
        return capacity;
    }

    /** Returns whether nothing waits. */
    public boolean isEmpty() {
        return Cells.loadAcquire(memory, tailOffset) == (int) head;
    }

    /**
     * Copies out the elements that wait, up to a batch, and lets the peer have their slots.
     *
     * @return how many {@link #streamId}, {@link #offset} and {@link #state} now hold; 0 if nothing waits
     * @throws CorruptMemoryException if the tail is further ahead than the queue is long
     */
    public int take() {
        long first = head;
        int available = Cells.loadAcquire(memory, tailOffset) - (int) first;
        if (available == 0) {
            fetchAhead();
            return 0;
        }
        if (available < 0 || available > capacity) {
            throw new CorruptMemoryException("a queue of " + capacity + " elements whose tail is "
                    + Integer.toUnsignedString(available) + " ahead of its head");
        }
        int count = Math.min(available, streamIds.length);
        for (int i = 0; i < count; i++) {
            int element = QueueLayout.HEADER_BYTES + slot * QueueLayout.ELEMENT_BYTES;
            streamIds[i] = Cells.loadPlain(memory, element + QueueLayout.ELEMENT_STREAM_ID);
            offsets[i] = Cells.loadPlain(memory, element + QueueLayout.ELEMENT_OFFSET);
            statuses[i] = Cells.loadPlain(memory, element + QueueLayout.ELEMENT_STATUS);
            slot = slot + 1 == capacity ? 0 : slot + 1;
        }
        publish(first, first + count);
        return count;
    }

    /**
     * Touches the slot that the next element will be in. While the tail is on its way from the other core this look has
     * the element fetched beside it, instead of after it.
     */
    private void fetchAhead() {
        fetched = Cells.loadOpaque(memory, QueueLayout.HEADER_BYTES + slot * QueueLayout.ELEMENT_BYTES);
    }

    private void publish(long before, long after) {
        HEAD.setOpaque(this, after);
        Cells.storeRelease(memory, headOffset, (int) after);
        int high = (int) (after >>> Integer.SIZE);
        if (high != (int) (before >>> Integer.SIZE)) {
            Cells.storeRelease(memory, headOffset + Integer.BYTES, high);
        }
    }

    /** Returns the stream id of an element of the batch. */
    public int streamId(int index) {
        return streamIds[index];
    }

    /** Returns the region offset of an element of the batch. */
    public int offset(int index) {
        return offsets[index];
    }

    /** Returns the stream state of an element of the batch. */
    public int state(int index) {
        return statuses[index] & QueueLayout.STATE_MASK;
    }

    /** Says that this side is awake and will look again, so that the peer need not wake it. */
    public void markWorking() {
        if (!working) {
            working = true;
            Cells.storeRelease(memory, workingOffset, 1);
        }
    }

    /** Takes note that the peer has set the flag itself, with its wake-up. */
    public void onWakeUp() {
        working = true;
        Cells.storeRelease(memory, workingOffset, 1);
    }

    /**
     * Says that this side will sleep, and looks once more.
     *
     * @return true if the queue is empty and the caller may sleep; false if something came and the flag is set again
     */
    public boolean markSleeping() {
        working = false;
        Cells.storeRelease(memory, workingOffset, 0);
        Cells.fullFence();
        if (isEmpty()) {
            return true;
        }
        markWorking();
        return false;
    }

    /** Returns how many elements wait, at most the capacity. */
    public int pending() {
        int pending = Cells.loadAcquire(memory, tailOffset) - (int) (long) HEAD.getOpaque(this);
        return Math.max(0, Math.min(pending, capacity));
    }
}
