package io.shmipc.shm;

import io.shmipc.ShmipcConfig;
import io.shmipc.layout.Cells;
import io.shmipc.layout.QueueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The two queues of a session, back to back in one mapping: the client sends on the first, the server on the second.
 *
 * @param send the queue that this side produces
 * @param receive the queue that this side consumes
 */
public record QueuePair(SendQueue send, ReceiveQueue receive) {

    /** Returns the bytes of the mapping that holds two queues. */
    public static long mappingBytes(int capacity) {
        return 2 * QueueLayout.queueBytes(capacity);
    }

    /** Writes two empty queues into zeroed memory and returns the client's view of them. */
    public static QueuePair format(ByteBuffer memory, int capacity) {
        int half = memory.capacity() / 2;
        Cells.storePlain(memory, QueueLayout.CAPACITY, capacity);
        Cells.storePlain(memory, half + QueueLayout.CAPACITY, capacity);
        Cells.fullFence();
        return view(memory, QueueLayout.ofThisMachine(), capacity, true);
    }

    /**
     * Reads the geometry of two queues that a client made and returns the server's view of them.
     *
     * @throws CorruptMemoryException if capacity, counters and mapping do not fit together
     */
    public static QueuePair read(ByteBuffer memory) {
        int half = memory.capacity() / 2;
        if (half < QueueLayout.HEADER_BYTES + QueueLayout.ELEMENT_BYTES || half % Integer.BYTES != 0) {
            throw new CorruptMemoryException("a queue mapping of " + memory.capacity() + " bytes");
        }
        int capacity = Cells.loadAcquire(memory, QueueLayout.CAPACITY);
        int other = Cells.loadAcquire(memory, half + QueueLayout.CAPACITY);
        if (capacity != other
                || capacity < 1
                || capacity > ShmipcConfig.MAX_QUEUE_CAPACITY
                || QueueLayout.queueBytes(capacity) > half) {
            throw new CorruptMemoryException("queues of " + Integer.toUnsignedString(capacity) + " and "
                    + Integer.toUnsignedString(other) + " elements in a mapping of " + memory.capacity() + " bytes");
        }
        return view(memory, QueueLayout.ofThisMachine(), capacity, false);
    }

    private static QueuePair view(ByteBuffer memory, QueueLayout layout, int capacity, boolean client) {
        int half = memory.capacity() / 2;
        ByteBuffer first = memory.slice(0, half).order(ByteOrder.nativeOrder());
        ByteBuffer second = memory.slice(half, half).order(ByteOrder.nativeOrder());
        ByteBuffer send = client ? first : second;
        ByteBuffer receive = client ? second : first;
        return new QueuePair(
                new SendQueue(send, layout, capacity, counter(send, layout.tail())),
                new ReceiveQueue(receive, layout, capacity, counter(receive, layout.head())));
    }

    private static long counter(ByteBuffer memory, int offset) {
        return Integer.toUnsignedLong(Cells.loadAcquire(memory, offset))
                | (long) Cells.loadAcquire(memory, offset + Integer.BYTES) << Integer.SIZE;
    }
}
