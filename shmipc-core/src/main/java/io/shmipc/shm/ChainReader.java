package io.shmipc.shm;

import io.shmipc.BufferReader;
import io.shmipc.ShmipcException;
import io.shmipc.layout.Cells;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads chains of slices in place, in the order in which they arrived.
 *
 * <pre>
 * kept:  slices read to their end of which a span was handed out ──► recycled by releasePreviousRead
 * spent: slices read to their end ──► recycled in groups, and when nothing is left to read
 * first: the slice being read ──► … ──► last
 * </pre>
 *
 * <p>Each step that touches slices is marked: it begins with a look at whether the reader is closed, and ends when bytes
 * were consumed. Another thread that closes the reader recycles nothing before the step under way has ended.
 *
 * <p><b>Threads:</b> one at a time; any asks {@link #held()}, and may hear what it was.
 */
public final class ChainReader implements BufferReader {

    /** Where more data comes from; owned here, provided by the stream above. */
    public interface Source {

        /**
         * Waits until the reader holds at least the given number of unread bytes, or throws. Called only when it does
         * not; {@link ChainReader#append} is how data is added.
         */
        void awaitLength(int bytes);

        /** Adds what has arrived without waiting. */
        void collect();

        /** Returns what reads throw once the reader is closed. */
        ShmipcException closedException();
    }

    /**
     * Spent bytes that go back to the region at once while there is more to read, see {@link FreeList#push}: so many, but
     * no more than this part of the region.
     */
    private static final int GROUP_BYTES = 64 << 10;

    private static final int GROUPS_PER_REGION = 256;

    private final Region region;
    private final Source source;
    private final long groupBytes;
    private @Nullable Slice first;
    private @Nullable Slice last;
    private @Nullable Slice kept;
    private @Nullable Slice spent;
    private int spentBytes;
    private boolean firstLent;
    private int length;
    private long arrivedBytes;
    private volatile boolean closed;
    private final Occupancy occupancy = new Occupancy();

    public ChainReader(Region region, Source source) {
        this.region = region;
        this.source = source;
        this.groupBytes = Math.min(GROUP_BYTES, region.capacityBytes() / GROUPS_PER_REGION);
    }

    /** Adds a chain that arrived. */
    public void append(Slice chain) {
        if (last == null) {
            first = chain;
        } else {
            last.next(chain);
        }
        Slice slice = chain;
        int added = slice.unread();
        Slice following = slice.next();
        while (following != null) {
            slice = following;
            added += slice.unread();
            following = slice.next();
        }
        last = slice;
        length = Math.addExact(length, added);
        arrivedBytes += added;
    }

    /** Returns how many bytes were ever added. */
    public long arrivedBytes() {
        return arrivedBytes;
    }

    /** Returns the bytes that were added and not yet read; other threads than the reader's may hear what they were. */
    public int held() {
        return length;
    }

    @Override
    public int length() {
        occupancy.enter();
        if (!closed) {
            source.collect();
        }
        occupancy.leave();
        return length;
    }

    @Override
    public byte readByte() {
        Slice slice = unreadSlice(Byte.BYTES);
        byte value = slice.memory().get(slice.readPosition());
        consumed(slice, Byte.BYTES);
        return value;
    }

    @Override
    public short readShort() {
        Slice slice = unreadSlice(Short.BYTES);
        if (slice.unread() < Short.BYTES) {
            return (short) (readByte() << Byte.SIZE | Byte.toUnsignedInt(readByte()));
        }
        short value = Cells.loadShort(slice.memory(), slice.readPosition());
        consumed(slice, Short.BYTES);
        return value;
    }

    @Override
    public int readInt() {
        Slice slice = unreadSlice(Integer.BYTES);
        if (slice.unread() < Integer.BYTES) {
            return readShort() << Short.SIZE | Short.toUnsignedInt(readShort());
        }
        int value = Cells.loadInt(slice.memory(), slice.readPosition());
        consumed(slice, Integer.BYTES);
        return value;
    }

    @Override
    public long readLong() {
        Slice slice = unreadSlice(Long.BYTES);
        if (slice.unread() < Long.BYTES) {
            return (long) readInt() << Integer.SIZE | Integer.toUnsignedLong(readInt());
        }
        long value = Cells.loadLong(slice.memory(), slice.readPosition());
        consumed(slice, Long.BYTES);
        return value;
    }

    @Override
    public ByteBuffer readBytes(int size) {
        if (requireSize(size) == 0) {
            return ByteBuffer.allocate(0).asReadOnlyBuffer();
        }
        Slice slice = unreadSlice(size);
        if (slice.unread() >= size) {
            firstLent = true;
            ByteBuffer span = slice.viewUnread(size);
            consumed(slice, size);
            return span;
        }
        byte[] copy = new byte[size];
        copyOut(copy, 0, size);
        return ByteBuffer.wrap(copy).asReadOnlyBuffer();
    }

    @Override
    public void readBytes(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        awaitUnread(length);
        copyOut(target, offset, length);
    }

    @Override
    public void readBytes(ByteBuffer target) {
        awaitUnread(target.remaining());
        while (target.hasRemaining()) {
            Slice slice = unreadSlice(1);
            int part = Math.min(target.remaining(), slice.unread());
            target.put(target.position(), slice.memory(), slice.readPosition(), part);
            target.position(target.position() + part);
            consumed(slice, part);
        }
    }

    @Override
    public String readString(int size) {
        awaitUnread(requireSize(size));
        byte[] bytes = new byte[size];
        copyOut(bytes, 0, size);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public ByteBuffer peek(int size) {
        if (requireSize(size) == 0) {
            return ByteBuffer.allocate(0).asReadOnlyBuffer();
        }
        Slice slice = unreadSlice(size);
        if (slice.unread() >= size) {
            firstLent = true;
            occupancy.leave();
            // Not the slice's own view: the same bytes will be read, and both buffers are the caller's until then.
            return slice.memory().slice(slice.readPosition(), size).asReadOnlyBuffer();
        }
        ByteBuffer copy = ByteBuffer.allocate(size);
        for (Slice s = slice; s != null && copy.hasRemaining(); s = s.next()) {
            int part = Math.min(copy.remaining(), s.unread());
            copy.put(copy.position(), s.memory(), s.readPosition(), part);
            copy.position(copy.position() + part);
        }
        occupancy.leave();
        return copy.flip().asReadOnlyBuffer();
    }

    @Override
    public void discard(int size) {
        awaitUnread(requireSize(size));
        int left = size;
        while (left > 0) {
            Slice slice = unreadSlice(1);
            int part = Math.min(left, slice.unread());
            consumed(slice, part);
            left -= part;
        }
    }

    @Override
    public void releasePreviousRead() {
        occupancy.enter();
        try {
            if (closed) {
                return;
            }
            releaseKept();
            Slice slice = first;
            while (slice != null && slice.unread() == 0) {
                slice = dropFirst(slice);
            }
            recycleSpentUnlessMoreIsHeld();
        } finally {
            occupancy.leave();
        }
    }

    /**
     * Releases what was read, but keeps the last slice if everything was read and it lies in the region.
     *
     * @return that slice, empty and owned by the caller, or null
     */
    public @Nullable Slice releaseKeepingLast() {
        occupancy.enter();
        try {
            if (closed) {
                return null;
            }
            releaseKept();
            recycleSpentUnlessMoreIsHeld();
            Slice slice = first;
            if (slice == null || slice != last || slice.unread() > 0 || !slice.isShared()) {
                return null;
            }
            first = null;
            last = null;
            return slice;
        } finally {
            occupancy.leave();
        }
    }

    /** Makes every further read fail; what is held stays until {@link #recycle()}. */
    public void close() {
        closed = true;
    }

    /** Returns whether the given thread was the last to read, or nobody has read. */
    public boolean isUsedOnlyBy(Thread thread) {
        return occupancy.isUsedOnlyBy(thread);
    }

    /** Returns whether a read is under way, or was until an error ended it. */
    public boolean isOccupied() {
        return occupancy.isOccupied();
    }

    /** Gives everything back to the region, read or not; the caller knows that no read is under way. */
    public void recycle() {
        releaseKept();
        recycleSpent();
        Slice chain = first;
        first = null;
        last = null;
        length = 0;
        region.recycle(chain);
    }

    /** Returns whether spans are outstanding. */
    public boolean hasLent() {
        return firstLent || kept != null;
    }

    private void releaseKept() {
        Slice chain = kept;
        kept = null;
        firstLent = false;
        region.recycle(chain);
    }

    private void recycleSpentUnlessMoreIsHeld() {
        if (length == 0) {
            recycleSpent();
        }
    }

    private void recycleSpent() {
        Slice chain = spent;
        spent = null;
        spentBytes = 0;
        region.recycle(chain);
    }

    private void copyOut(byte[] target, int offset, int size) {
        int at = offset;
        int left = size;
        while (left > 0) {
            Slice slice = unreadSlice(1);
            int part = Math.min(left, slice.unread());
            slice.memory().get(slice.readPosition(), target, at, part);
            consumed(slice, part);
            at += part;
            left -= part;
        }
    }

    private void consumed(Slice slice, int bytes) {
        slice.skip(bytes);
        length -= bytes;
        occupancy.leave();
    }

    private static int requireSize(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("cannot read " + size + " bytes: choose 0 or more");
        }
        return size;
    }

    /** Waits until at least the given number of bytes is there, or throws. */
    public void awaitUnread(int bytes) {
        require(bytes);
        occupancy.leave();
    }

    /** Begins a step: the caller ends it, unless this throws. */
    private void require(int bytes) {
        occupancy.enter();
        if (closed) {
            occupancy.leave();
            throw source.closedException();
        }
        if (length < bytes) {
            boolean there = false;
            try {
                recycleSpent();
                source.awaitLength(bytes);
                there = true;
            } finally {
                if (!there) {
                    occupancy.leave();
                }
            }
        }
    }

    /** Returns the first slice with unread bytes, once the given number of bytes is there in all. */
    private Slice unreadSlice(int bytes) {
        require(bytes);
        Slice slice = first;
        while (slice != null && slice.unread() == 0) {
            slice = dropFirst(slice);
        }
        if (slice == null) {
            throw new IllegalStateException("a chain of " + length + " bytes without slices");
        }
        return slice;
    }

    private @Nullable Slice dropFirst(Slice slice) {
        Slice following = slice.next();
        first = following;
        if (following == null) {
            last = null;
        }
        if (firstLent) {
            slice.next(kept);
            kept = slice;
            firstLent = false;
        } else {
            slice.next(spent);
            spent = slice;
            spentBytes += slice.capacity();
            if (spentBytes >= groupBytes) {
                recycleSpent();
            }
        }
        return following;
    }
}
