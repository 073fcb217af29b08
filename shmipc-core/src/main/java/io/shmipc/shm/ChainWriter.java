package io.shmipc.shm;

import io.shmipc.BackPressureException;
import io.shmipc.BufferWriter;
import io.shmipc.Reason;
import io.shmipc.StreamClosedException;
import io.shmipc.layout.Cells;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds the chain of slices that the next flush sends.
 *
 * <p>A write takes the smallest slice that holds what is left of it; one that no slice can hold takes the largest ones.
 * When the region has nothing to give, ordinary memory takes the bytes and the chain can only travel on the connection.
 * So it does from the beginning when not even the empty region could hold them: slices would be taken from others in
 * vain.
 *
 * <p>Each step that touches slices is marked, as that of a {@link ChainReader} is.
 *
 * <p><b>Threads:</b> one at a time.
 */
public final class ChainWriter implements BufferWriter {

    /** Smallest piece of ordinary memory. */
    private static final int MIN_HEAP_BYTES = 4096;

    private final Region region;
    private final Runnable onExhausted;
    private final int limitBytes;
    private @Nullable Slice first;
    private @Nullable Slice last;
    private int length;
    private boolean shared = true;
    private boolean refused;
    private volatile boolean closed;
    private final Occupancy occupancy = new Occupancy();

    /**
     * @param region where slices come from
     * @param onExhausted called each time the region had no slice for a write that it can hold when it is empty
     */
    public ChainWriter(Region region, Runnable onExhausted) {
        this(region, onExhausted, Integer.MAX_VALUE);
    }

    /**
     * @param region where slices come from
     * @param onExhausted called each time the region had no slice for a write that it can hold when it is empty
     * @param limitBytes how many bytes a chain may have; a write beyond it is refused
     */
    public ChainWriter(Region region, Runnable onExhausted, int limitBytes) {
        this.region = region;
        this.onExhausted = onExhausted;
        this.limitBytes = limitBytes;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void writeByte(byte value) {
        Slice slice = withRoom(Byte.BYTES);
        slice.memory().put(slice.writePosition(), value);
        wrote(slice, Byte.BYTES);
    }

    @Override
    public void writeShort(short value) {
        Slice slice = withRoom(Short.BYTES);
        if (slice.writable() < Short.BYTES) {
            writeByte((byte) (value >>> Byte.SIZE));
            writeByte((byte) value);
            return;
        }
        Cells.storeShort(slice.memory(), slice.writePosition(), value);
        wrote(slice, Short.BYTES);
    }

    @Override
    public void writeInt(int value) {
        Slice slice = withRoom(Integer.BYTES);
        if (slice.writable() < Integer.BYTES) {
            writeShort((short) (value >>> Short.SIZE));
            writeShort((short) value);
            return;
        }
        Cells.storeInt(slice.memory(), slice.writePosition(), value);
        wrote(slice, Integer.BYTES);
    }

    @Override
    public void writeLong(long value) {
        Slice slice = withRoom(Long.BYTES);
        if (slice.writable() < Long.BYTES) {
            writeInt((int) (value >>> Integer.SIZE));
            writeInt((int) value);
            return;
        }
        Cells.storeLong(slice.memory(), slice.writePosition(), value);
        wrote(slice, Long.BYTES);
    }

    @Override
    public void writeBytes(byte[] source) {
        writeBytes(source, 0, source.length);
    }

    @Override
    public void writeBytes(byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        int from = offset;
        int left = length;
        while (left > 0) {
            Slice slice = withRoom(left);
            int part = Math.min(left, slice.writable());
            slice.memory().put(slice.writePosition(), source, from, part);
            wrote(slice, part);
            from += part;
            left -= part;
        }
    }

    @Override
    public void writeBytes(ByteBuffer source) {
        while (source.hasRemaining()) {
            Slice slice = withRoom(source.remaining());
            int part = Math.min(source.remaining(), slice.writable());
            slice.memory().put(slice.writePosition(), source, source.position(), part);
            source.position(source.position() + part);
            wrote(slice, part);
        }
    }

    @Override
    public void writeString(String text) {
        writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer reserve(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("cannot reserve " + size + " bytes: choose 0 or more");
        }
        begin();
        requireWithinLimit(size);
        if (size == 0) {
            occupancy.leave();
            return ByteBuffer.allocate(0);
        }
        Slice slice = last;
        if (slice == null || slice.writable() < size) {
            slice = append(size, false);
        }
        ByteBuffer span = slice.viewWritable(size);
        wrote(slice, size);
        return span;
    }

    /**
     * Takes an empty slice to write into before asking the region for one, if nothing was taken and the writer is open;
     * returns whether it does.
     */
    public boolean reuse(Slice slice) {
        occupancy.enter();
        boolean taken = !closed && first == null;
        if (taken) {
            slice.clear();
            first = slice;
            last = slice;
        }
        occupancy.leave();
        return taken;
    }

    /** Returns whether nothing was taken: neither bytes nor a slice to reuse. */
    public boolean isVacant() {
        return first == null;
    }

    /** Returns whether all of the chain lies in the region. */
    public boolean isShared() {
        return shared;
    }

    /** Returns whether the region had no slice for a write that it can hold when it is empty. */
    public boolean wasRefused() {
        return refused;
    }

    /** Returns the chain, which stays this writer's until {@link #forget()}; null if nothing was taken. */
    public @Nullable Slice chain() {
        return first;
    }

    /** Forgets the chain, which now belongs to somebody else. */
    public void forget() {
        first = null;
        last = null;
        length = 0;
        shared = true;
        refused = false;
    }

    /** Makes every further write fail; what is held stays until {@link #recycle()}. */
    public void close() {
        closed = true;
    }

    /** Returns whether the given thread was the last to write, or nobody has written. */
    public boolean isUsedOnlyBy(Thread thread) {
        return occupancy.isUsedOnlyBy(thread);
    }

    /** Begins a step that takes the chain out, before a look at whether the stream is closed. */
    public void enter() {
        occupancy.enter();
    }

    /** Ends it. */
    public void leave() {
        occupancy.leave();
    }

    /** Returns whether a write or flush is under way, or was until an error ended it. */
    public boolean isOccupied() {
        return occupancy.isOccupied();
    }

    /** Gives the chain back to the region; the caller knows that no write is under way. */
    public void recycle() {
        Slice chain = first;
        forget();
        region.recycle(chain);
    }

    private void wrote(Slice slice, int bytes) {
        slice.extend(bytes);
        length += bytes;
        occupancy.leave();
    }

    /** Returns a slice with room for at least one byte, if possible for all that are wanted. */
    private Slice withRoom(int wanted) {
        begin();
        requireWithinLimit(wanted);
        Slice slice = last;
        return slice != null && slice.writable() > 0 ? slice : append(wanted, true);
    }

    private void begin() {
        occupancy.enter();
        if (closed) {
            occupancy.leave();
            throw new StreamClosedException(Reason.STREAM_CLOSED, "The stream is closed: open another one to write.");
        }
    }

    private void requireWithinLimit(int wanted) {
        if (wanted > limitBytes - length) {
            occupancy.leave();
            throw new BackPressureException(
                    Reason.WRITE_BUFFER_FULL,
                    "A write of " + wanted + " bytes was refused: " + length
                            + " bytes are written and not flushed, and writeBufferBytes is " + limitBytes
                            + ". Flush before you write more, or raise writeBufferBytes.");
        }
    }

    private Slice append(int bytes, boolean divisible) {
        Slice slice = canEverHold(bytes, divisible) ? take(bytes, divisible) : null;
        if (slice == null) {
            shared = false;
            slice = Slice.onHeap(Math.max(bytes, MIN_HEAP_BYTES));
        }
        Slice before = last;
        if (before == null) {
            first = slice;
        } else {
            before.next(slice);
        }
        last = slice;
        return slice;
    }

    /** Returns whether the empty region could hold the bytes: in one slice, or behind the rest of the chain. */
    private boolean canEverHold(int bytes, boolean divisible) {
        return divisible ? (long) length + bytes <= region.capacityBytes() : bytes <= region.largestSliceBytes();
    }

    private @Nullable Slice take(int bytes, boolean divisible) {
        Slice slice = region.allocate(bytes);
        if (slice == null && divisible) {
            slice = region.allocateLargest();
        }
        if (slice == null) {
            refused = true;
            onExhausted.run();
        }
        return slice;
    }
}
