package io.shmipc.shm;

import io.shmipc.layout.Cells;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.SliceLayout;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The free slices of one size, first in, first out; {@link FreeListLayout} draws it.
 *
 * <p>The last free slice is never given out, so that head and tail never meet. While another process is between the two
 * steps of a recycle the list is cut behind its tail; an allocation that meets the cut tries again a bounded number of
 * times and then reports that nothing is free.
 *
 * <p><b>Threads:</b> any thread of either process may pop and push; a popped slice has one owner until it is pushed.
 */
final class FreeList {

    /** Where an allocation met the cut, and when the first one did that met it there. */
    private record Cut(int head, long sinceNanos) {}

    private static final int MAX_ATTEMPTS = 200;

    /** Slices of a page: what nobody has used costs no memory here, however many slices a peer's region claims. */
    private static final int PAGE_SLICES = 256;

    private static final int NOWHERE = -1;

    /** A process between the two steps of a recycle takes the second one sooner than this, unless it died. */
    private static final long STALL_NANOS = 1_000_000_000;

    private final ByteBuffer region;
    private final int header;
    private final int slicesStart;
    private final int sliceBytes;
    private final int stride;
    private final int capacity;
    private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Slice>> pages;
    private volatile @Nullable Cut cut;

    FreeList(ByteBuffer region, int header, int capacity, int sliceBytes) {
        this.region = region;
        this.header = header;
        this.slicesStart = header + FreeListLayout.HEADER_BYTES;
        this.sliceBytes = sliceBytes;
        this.stride = sliceBytes + SliceLayout.HEADER_BYTES;
        this.capacity = capacity;
        this.pages = new AtomicReferenceArray<>((capacity - 1) / PAGE_SLICES + 1);
    }

    /** Writes an all-free list into a region; returns it. */
    static FreeList format(ByteBuffer region, int header, int capacity, int sliceBytes) {
        FreeList list = new FreeList(region, header, capacity, sliceBytes);
        Cells.storePlain(region, header + FreeListLayout.SIZE, capacity);
        Cells.storePlain(region, header + FreeListLayout.CAPACITY, capacity);
        Cells.storePlain(region, header + FreeListLayout.HEAD, 0);
        Cells.storePlain(region, header + FreeListLayout.TAIL, (capacity - 1) * list.stride);
        Cells.storePlain(region, header + FreeListLayout.SLICE_BYTES, sliceBytes);
        for (int i = 0; i < capacity; i++) {
            int slice = list.slicesStart + i * list.stride;
            Cells.storePlain(region, slice + SliceLayout.CAPACITY, sliceBytes);
            if (i < capacity - 1) {
                Cells.storePlain(region, slice + SliceLayout.NEXT, (i + 1) * list.stride);
                Cells.storePlain(region, slice + SliceLayout.FLAGS, SliceLayout.HAS_NEXT);
            }
        }
        return list;
    }

    int sliceBytes() {
        return sliceBytes;
    }

    int capacity() {
        return capacity;
    }

    /** Returns the offset just behind the list in its region. */
    int end() {
        return slicesStart + capacity * stride;
    }

    /** Returns the number of free slices as the shared word tells it; a peer can write anything there. */
    int free() {
        return Cells.loadAcquire(region, header + FreeListLayout.SIZE);
    }

    /**
     * Takes the first free slice.
     *
     * @return an empty slice that the caller owns, or null if none is free
     * @throws CorruptMemoryException if the list makes no sense
     */
    @Nullable
    Slice pop() {
        int size = header + FreeListLayout.SIZE;
        if (Cells.getAndAdd(region, size, -1) <= 1) {
            Cells.getAndAdd(region, size, 1);
            return null;
        }
        int head = NOWHERE;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            head = Cells.loadAcquire(region, header + FreeListLayout.HEAD);
            int place = checkedPlace(head, "head");
            int flags = Cells.loadAcquire(region, place + SliceLayout.FLAGS);
            if ((flags & (SliceLayout.HAS_NEXT | SliceLayout.IN_USE)) != SliceLayout.HAS_NEXT) {
                Thread.onSpinWait();
                continue;
            }
            int next = Cells.loadOpaque(region, place + SliceLayout.NEXT);
            if (takeHead(head, next)) {
                return taken(head);
            }
        }
        Cells.getAndAdd(region, size, 1);
        noteCut(head);
        return null;
    }

    private void noteCut(int head) {
        Cut seen = cut;
        if (seen == null || seen.head != head) {
            cut = new Cut(head, System.nanoTime());
        }
    }

    /** Returns whether the list is cut for good, as far as time can tell: its head has no next, and stays. */
    boolean isStalled() {
        Cut seen = cut;
        return seen != null
                && System.nanoTime() - seen.sinceNanos >= STALL_NANOS
                && Cells.loadAcquire(region, header + FreeListLayout.HEAD) == seen.head
                && (Cells.loadAcquire(region, slicesStart + seen.head + SliceLayout.FLAGS) & SliceLayout.HAS_NEXT) == 0
                && free() > 1;
    }

    private boolean takeHead(int head, int next) {
        return Cells.compareAndSet(region, header + FreeListLayout.HEAD, head, next) && settleHead(head, next);
    }

    /**
     * Makes sure that the head which an exchange has just installed is the true one.
     *
     * <p>The caller may have been stopped between reading next and the exchange while others cycled the whole list, so
     * that the same slice was first again, with another next. Now that the head has moved on, the slice is the caller's
     * and its next cannot change: the truth can be read again. While a wrong head stands, it is either in use, and
     * others wait, or free further down, and somebody may take it from there: then what lies before it is cut off.
     *
     * @return whether the slice at the old head is the caller's; if not, it is the head again
     */
    boolean settleHead(int head, int installed) {
        int place = slicesStart + head;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            int flags = Cells.loadAcquire(region, place + SliceLayout.FLAGS);
            int next = Cells.loadOpaque(region, place + SliceLayout.NEXT);
            if ((flags & SliceLayout.HAS_NEXT) != 0) {
                if (next != installed && !moveHead(installed, next)) {
                    appendCutOff(next, installed);
                }
                return true;
            }
            if (moveHead(installed, head)) {
                return false;
            }
        }
        throw new CorruptMemoryException("free list of " + sliceBytes + " B slices moved on from its last slice");
    }

    private boolean moveHead(int from, int to) {
        return Cells.compareAndSet(region, header + FreeListLayout.HEAD, from, to);
    }

    /** Appends the slices from one to before another, which nobody can reach any more and which still count as free. */
    private void appendCutOff(int from, int end) {
        int count = distance(from, end);
        int place = from;
        for (int i = 0; i < count; i++) {
            int offset = checkedPlace(place, "next");
            place = Cells.loadOpaque(region, offset + SliceLayout.NEXT);
            empty(offset);
            append(offset, offset);
        }
    }

    /** Returns how many links lead from one slice to another; 0 if none do. */
    private int distance(int from, int to) {
        int place = from;
        for (int links = 0; links < capacity; links++) {
            if (place == to) {
                return links;
            }
            int offset = checkedPlace(place, "next");
            if ((Cells.loadAcquire(region, offset + SliceLayout.FLAGS) & SliceLayout.HAS_NEXT) == 0) {
                return 0;
            }
            place = Cells.loadOpaque(region, offset + SliceLayout.NEXT);
        }
        return 0;
    }

    private Slice taken(int head) {
        Slice slice = at(head / stride);
        if (!slice.claim()) {
            throw new CorruptMemoryException("free list of " + sliceBytes + " B slices gave out the slice at "
                    + slice.headerOffset() + ", which is in use");
        }
        slice.clear();
        Cells.storeRelease(region, slice.headerOffset() + SliceLayout.FLAGS, SliceLayout.IN_USE);
        return slice;
    }

    /**
     * Gives back the slices that a chain begins with and that are of this list, with one exchange for all of them: every
     * exchange takes the list's cache line away from whoever allocates. The caller owned the slices and does no longer;
     * one that was given back already is passed over.
     *
     * @return the rest of the chain: null, or a slice of another list
     */
    @Nullable
    Slice push(Slice chain) {
        int first = NOWHERE;
        int last = NOWHERE;
        int count = 0;
        Slice slice = chain;
        while (slice != null && slice.list() == this) {
            Slice following = slice.next();
            if (slice.unclaimOnce()) {
                slice.clear();
                int offset = slice.headerOffset();
                empty(offset);
                if (count == 0) {
                    first = offset;
                } else {
                    link(last, offset);
                }
                last = offset;
                count++;
            }
            slice = following;
        }
        if (count > 0) {
            append(first, last);
            Cells.getAndAdd(region, header + FreeListLayout.SIZE, count);
        }
        return slice;
    }

    private void empty(int offset) {
        Cells.storePlain(region, offset + SliceLayout.SIZE, 0);
        Cells.storePlain(region, offset + SliceLayout.START, 0);
        Cells.storeRelease(region, offset + SliceLayout.FLAGS, 0);
    }

    private void link(int offset, int following) {
        Cells.storePlain(region, offset + SliceLayout.NEXT, following - slicesStart);
        Cells.storeRelease(region, offset + SliceLayout.FLAGS, SliceLayout.HAS_NEXT);
    }

    /** Makes linked slices that nobody else can reach the last ones, without counting them. */
    private void append(int first, int last) {
        int mine = last - slicesStart;
        int tail;
        do {
            tail = Cells.loadAcquire(region, header + FreeListLayout.TAIL);
        } while (!Cells.compareAndSet(region, header + FreeListLayout.TAIL, tail, mine));
        link(checkedPlace(tail, "tail"), first);
    }

    /** Returns whether a slice of this list may begin at the given offset of the region. */
    boolean contains(int headerOffset) {
        return headerOffset >= slicesStart && headerOffset < end();
    }

    /**
     * Returns the slice whose header is at the given offset, which {@link #contains} confirmed; null between slices.
     */
    @Nullable
    Slice sliceAt(int headerOffset) {
        int place = headerOffset - slicesStart;
        int index = place / stride;
        return index * stride == place ? at(index) : null;
    }

    private Slice at(int index) {
        AtomicReferenceArray<@Nullable Slice> page = pages.getAcquire(index / PAGE_SLICES);
        if (page != null) {
            Slice slice = page.getAcquire(index % PAGE_SLICES);
            if (slice != null) {
                return slice;
            }
        }
        return create(index);
    }

    private Slice create(int index) {
        pages.compareAndSet(index / PAGE_SLICES, null, new AtomicReferenceArray<>(PAGE_SLICES));
        AtomicReferenceArray<@Nullable Slice> page = Objects.requireNonNull(pages.getAcquire(index / PAGE_SLICES));
        page.compareAndSet(
                index % PAGE_SLICES, null, new Slice(this, region, slicesStart + index * stride, sliceBytes));
        return Objects.requireNonNull(page.getAcquire(index % PAGE_SLICES));
    }

    /** Returns the region offset of the slice that a shared word names by its place in the list. */
    private int checkedPlace(int place, String what) {
        if (place < 0 || place > (capacity - 1) * stride || place % stride != 0) {
            throw new CorruptMemoryException("free list of " + sliceBytes + " B slices has " + what + " "
                    + Integer.toUnsignedString(place) + ", where no slice begins");
        }
        return slicesStart + place;
    }
}
