package io.shmipc.shm;

import io.shmipc.layout.QueueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The words of two queues as a peer sees them: it accesses each counter as one number of eight bytes.
 *
 * <p>The memory begins where the counters of the first queue are 8-aligned, so that this is possible in Java, too.
 */
final class RawQueue {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer whole;
    private final int shift;
    private final QueueLayout layout = QueueLayout.ofThisMachine();
    private final int second;
    final ByteBuffer memory;

    RawQueue(int capacity) {
        int bytes = (int) QueuePair.mappingBytes(capacity);
        shift = layout.tail() % Long.BYTES;
        second = bytes / 2;
        whole = Regions.memory(bytes + Long.BYTES);
        memory = whole.slice(shift, bytes).order(ByteOrder.nativeOrder());
    }

    /** Returns queues whose counters all begin at the given number. */
    static RawQueue startingAt(long counter, int capacity) {
        RawQueue raw = new RawQueue(capacity);
        raw.reset(counter);
        return raw;
    }

    void reset(long counter) {
        tail(counter);
        head(counter);
        memory.putLong(second + layout.head(), counter);
        memory.putLong(second + layout.tail(), counter);
    }

    /** Returns the tail of the first queue in one access. */
    long tail() {
        return (long) LONG.getVolatile(whole, shift + layout.tail());
    }

    void tail(long value) {
        LONG.setVolatile(whole, shift + layout.tail(), value);
    }

    /** Returns the head of the first queue in one access. */
    long head() {
        return (long) LONG.getVolatile(whole, shift + layout.head());
    }

    void head(long value) {
        LONG.setVolatile(whole, shift + layout.head(), value);
    }

    int working() {
        return memory.getInt(layout.working());
    }

    /** Writes the status word of an element of the first queue. */
    void status(int slot, int value) {
        memory.putInt(QueueLayout.HEADER_BYTES + slot * QueueLayout.ELEMENT_BYTES + QueueLayout.ELEMENT_STATUS, value);
    }

    int streamIdIn(int slot) {
        return memory.getInt(QueueLayout.HEADER_BYTES + slot * QueueLayout.ELEMENT_BYTES);
    }
}
