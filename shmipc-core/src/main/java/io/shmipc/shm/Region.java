package io.shmipc.shm;

import io.shmipc.ShmipcConfig;
import io.shmipc.SliceSize;
import io.shmipc.layout.Cells;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import io.shmipc.layout.SliceLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A buffer region: free lists of slices, from which chains are made and to which they return.
 *
 * <p>The geometry is read once, checked, and kept here; what a peer writes over it later has no effect.
 *
 * <p><b>Threads:</b> any thread of any process that maps it.
 */
public final class Region {

    private static final int MAX_LISTS = 256;

    private final ByteBuffer memory;
    private final FreeList[] lists;
    private final int totalSlices;
    private final long capacityBytes;
    private final @Nullable Function<Throwable, RuntimeException> onDamage;

    @SuppressWarnings("UnusedVariable") // keeps the look of fetchAhead from being optimised away
    private int fetched;

    private Region(ByteBuffer memory, FreeList[] lists, @Nullable Function<Throwable, RuntimeException> onDamage) {
        this.memory = memory;
        this.lists = lists;
        this.onDamage = onDamage;
        int slices = 0;
        long bytes = 0;
        for (FreeList list : lists) {
            slices += list.capacity();
            bytes += (long) list.capacity() * list.sliceBytes();
        }
        this.totalSlices = slices;
        this.capacityBytes = bytes;
    }

    /** Writes a new region with every slice free into zeroed memory; sizes ascending, percents verified. */
    public static Region format(ByteBuffer memory, List<SliceSize> sizes) {
        long usable = memory.capacity() - (long) FreeListLayout.HEADER_BYTES * sizes.size() - RegionLayout.HEADER_BYTES;
        FreeList[] lists = new FreeList[sizes.size()];
        int offset = RegionLayout.HEADER_BYTES;
        for (int i = 0; i < lists.length; i++) {
            SliceSize size = sizes.get(i);
            int capacity = (int) (usable * size.percent() / 100 / (size.bytes() + ShmipcConfig.SLICE_HEADER_BYTES));
            lists[i] = FreeList.format(memory, offset, capacity, size.bytes());
            offset = lists[i].end();
        }
        Cells.storePlain(memory, RegionLayout.LISTS, lists.length);
        Cells.storeRelease(memory, RegionLayout.USED_BYTES, offset - RegionLayout.HEADER_BYTES);
        return new Region(memory, lists, null);
    }

    /**
     * Reads the geometry of a region that a peer made.
     *
     * @throws CorruptMemoryException if it does not fit its memory
     */
    public static Region read(ByteBuffer memory) {
        long bytes = memory.capacity();
        if (bytes < RegionLayout.HEADER_BYTES + FreeListLayout.HEADER_BYTES) {
            throw new CorruptMemoryException("a region of " + bytes + " bytes has no room for a list");
        }
        int count = Cells.loadAcquire(memory, RegionLayout.LISTS) & 0xffff;
        if (count == 0 || count > MAX_LISTS) {
            throw new CorruptMemoryException("a region with " + count + " lists; 1 to " + MAX_LISTS + " are possible");
        }
        FreeList[] lists = new FreeList[count];
        int offset = RegionLayout.HEADER_BYTES;
        int smaller = 0;
        long slices = 0;
        for (int i = 0; i < count; i++) {
            lists[i] = readList(memory, offset, smaller);
            offset = lists[i].end();
            smaller = lists[i].sliceBytes();
            slices += lists[i].capacity();
            if (slices > ShmipcConfig.MAX_SLICES) {
                throw new CorruptMemoryException(
                        "a region of " + slices + " slices and more; " + ShmipcConfig.MAX_SLICES + " are possible");
            }
        }
        long used = Integer.toUnsignedLong(Cells.loadPlain(memory, RegionLayout.USED_BYTES));
        if (used != offset - RegionLayout.HEADER_BYTES) {
            throw new CorruptMemoryException("a region claims " + used + " used bytes, but its lists take "
                    + (offset - RegionLayout.HEADER_BYTES));
        }
        return new Region(memory, lists, null);
    }

    private static FreeList readList(ByteBuffer memory, int offset, int smaller) {
        if (offset > memory.capacity() - FreeListLayout.HEADER_BYTES) {
            throw new CorruptMemoryException("a list at " + offset + " begins behind the region's end");
        }
        int capacity = Cells.loadPlain(memory, offset + FreeListLayout.CAPACITY);
        int sliceBytes = Cells.loadPlain(memory, offset + FreeListLayout.SLICE_BYTES);
        if (capacity <= 0 || sliceBytes <= smaller || sliceBytes % Integer.BYTES != 0) {
            throw new CorruptMemoryException("a list at " + offset + " of " + Integer.toUnsignedString(capacity)
                    + " slices of " + Integer.toUnsignedString(sliceBytes)
                    + " bytes; sizes must ascend in multiples of 4");
        }
        if (FreeListLayout.listBytes(capacity, sliceBytes) > memory.capacity() - offset) {
            throw new CorruptMemoryException("a list at " + offset + " of " + capacity + " slices of " + sliceBytes
                    + " bytes ends behind the region's end, " + memory.capacity());
        }
        return new FreeList(memory, offset, capacity, sliceBytes);
    }

    /**
     * Returns this region for a user that must hear of it when taking or giving back slices meets damage.
     *
     * @param user gets a CorruptMemoryException, or the InternalError by which the JVM tells that there is no memory
     *     any more; returns what is thrown instead
     */
    public Region usedBy(Function<Throwable, RuntimeException> user) {
        return new Region(memory, lists, user);
    }

    private RuntimeException damaged(Throwable damage) {
        Function<Throwable, RuntimeException> user = onDamage;
        if (user != null) {
            return user.apply(damage);
        }
        if (damage instanceof Error error) {
            throw error;
        }
        return (RuntimeException) damage;
    }

    /**
     * Takes the smallest free slice that holds the given bytes.
     *
     * @return an empty slice that the caller owns, or null if none is free or large enough
     */
    public @Nullable Slice allocate(int bytes) {
        for (FreeList list : lists) {
            if (list.sliceBytes() >= bytes) {
                Slice slice = pop(list);
                if (slice != null) {
                    return slice;
                }
            }
        }
        return null;
    }

    /** Takes the largest free slice, or null if none is free. */
    public @Nullable Slice allocateLargest() {
        for (int i = lists.length - 1; i >= 0; i--) {
            Slice slice = pop(lists[i]);
            if (slice != null) {
                return slice;
            }
        }
        return null;
    }

    private @Nullable Slice pop(FreeList list) {
        try {
            return list.pop();
        } catch (CorruptMemoryException | InternalError damage) {
            throw damaged(damage);
        }
    }

    /** Returns the bytes of the largest slices. */
    public int largestSliceBytes() {
        return lists[lists.length - 1].sliceBytes();
    }

    /** Gives a chain back, slice after slice of one list at once; the collector takes care of ordinary memory. */
    public void recycle(@Nullable Slice chain) {
        Slice slice = chain;
        while (slice != null) {
            FreeList list = slice.list();
            if (list == null) {
                slice.recycleHeap();
                slice = slice.next();
            } else {
                slice = push(list, slice);
            }
        }
    }

    private @Nullable Slice push(FreeList list, Slice chain) {
        try {
            return list.push(chain);
        } catch (CorruptMemoryException | InternalError damage) {
            throw damaged(damage);
        }
    }

    /** Writes the headers of a chain and ends this process's claim on it: the next step is to publish it. */
    public static void handOver(Slice first) {
        Slice slice = first;
        while (slice != null) {
            Slice next = slice.next();
            slice.store();
            slice.unclaim();
            slice = next;
        }
    }

    /** Takes back a chain that was handed over but could not be published. */
    public static void takeBack(Slice first) {
        for (Slice slice = first; slice != null; slice = slice.next()) {
            slice.claim();
        }
    }

    /**
     * Takes over a chain that the peer published.
     *
     * @param offset of the first slice's header in this region, as the peer wrote it
     * @return the first slice; the caller owns the chain
     * @throws CorruptMemoryException if an offset, size, start or capacity is out of bounds, a slice is in use by this
     *     process, or the chain loops
     */
    public Slice receive(int offset) {
        Slice first = receiveSlice(offset);
        Slice last = first;
        int slices = 1;
        while (hasNext(last)) {
            if (++slices > totalSlices) {
                throw new CorruptMemoryException("a chain at " + offset + " longer than the region has slices");
            }
            Slice slice = receiveSlice(Cells.loadPlain(memory, last.headerOffset() + SliceLayout.NEXT));
            last.next(slice);
            last = slice;
        }
        return first;
    }

    private boolean hasNext(Slice slice) {
        return (Cells.loadPlain(memory, slice.headerOffset() + SliceLayout.FLAGS) & SliceLayout.HAS_NEXT) != 0;
    }

    private Slice receiveSlice(int offset) {
        Slice slice = locate(offset);
        if (slice == null) {
            throw new CorruptMemoryException(
                    "no slice begins at offset " + Integer.toUnsignedString(offset) + " of the region");
        }
        int capacity = Cells.loadPlain(memory, offset + SliceLayout.CAPACITY);
        int size = Cells.loadPlain(memory, offset + SliceLayout.SIZE);
        int start = Cells.loadPlain(memory, offset + SliceLayout.START);
        fetchAhead(offset + SliceLayout.HEADER_BYTES);
        if (capacity != slice.capacity() || size < 0 || start < 0 || start > capacity || size > capacity - start) {
            throw new CorruptMemoryException("the slice at " + offset + " of " + slice.capacity()
                    + " bytes says capacity " + Integer.toUnsignedString(capacity) + ", start "
                    + Integer.toUnsignedString(start) + ", size " + Integer.toUnsignedString(size));
        }
        if (!slice.claim()) {
            throw new CorruptMemoryException("the slice at " + offset + " arrived while it is in use here");
        }
        slice.load(start, size);
        return slice;
    }

    /**
     * Touches the data, which lie in the next cache line when slices are laid out in powers of two: they are on their
     * way from the other core together with the header, instead of after it.
     */
    private void fetchAhead(int dataOffset) {
        fetched = Cells.loadOpaque(memory, dataOffset);
    }

    private @Nullable Slice locate(int offset) {
        for (FreeList list : lists) {
            if (list.contains(offset)) {
                return list.sliceAt(offset);
            }
        }
        return null;
    }

    /** Returns the usable bytes of all slices. */
    public long capacityBytes() {
        return capacityBytes;
    }

    /** Returns the usable bytes of the slices that are not free, as far as the shared counters can be believed. */
    public long inUseBytes() {
        long bytes = 0;
        for (FreeList list : lists) {
            int inUse = list.capacity() - Math.max(0, Math.min(list.free(), list.capacity()));
            bytes += (long) inUse * list.sliceBytes();
        }
        return bytes;
    }

    /**
     * Returns whether the slices that can be taken hold the given bytes, as far as the shared counters can be believed.
     * Each list keeps its last slice.
     */
    public boolean hasRoomFor(long bytes) {
        long room = 0;
        for (FreeList list : lists) {
            int takeable = Math.min(list.free(), list.capacity()) - 1;
            room += (long) Math.max(0, takeable) * list.sliceBytes();
        }
        return bytes <= room;
    }

    /**
     * Returns whether a list was cut by a process that died in the midst of a recycle: its slices are lost. Memory that the
     * peer took away is no cut, and whoever uses it is told.
     */
    public boolean isStalled() {
        try {
            for (FreeList list : lists) {
                if (list.isStalled()) {
                    return true;
                }
            }
        } catch (InternalError gone) {
            return false;
        }
        return false;
    }

    /** Returns the number of free slices of all lists. */
    public int freeSlices() {
        int free = 0;
        for (FreeList list : lists) {
            free += list.free();
        }
        return free;
    }

    /** Returns the number of slices of all lists. */
    public int totalSlices() {
        return totalSlices;
    }
}
