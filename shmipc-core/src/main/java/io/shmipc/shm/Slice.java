package io.shmipc.shm;

import io.shmipc.layout.Cells;
import io.shmipc.layout.SliceLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One buffer: a slice of a region, or ordinary memory when the region had none to give.
 *
 * <p>There is one object per slice of a region and process, so that handling slices allocates nothing and a slice that
 * is handed to this process twice is noticed: {@link #claim()} fails.
 *
 * <pre>
 * data  0        readIndex          writeIndex        capacity
 *       +--------+------------------+-----------------+
 *       |  read  |      unread      |      free       |
 *       +--------+------------------+-----------------+
 * </pre>
 *
 * <p><b>Threads:</b> the one that claimed it, or that it was handed to with a happens-before edge; others may read how
 * much it holds, and hear what it was.
 */
public final class Slice {

    private static final VarHandle CLAIMED;

    static {
        try {
            CLAIMED = MethodHandles.lookup().findVarHandle(Slice.class, "claimed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable FreeList list;
    private final ByteBuffer memory;
    private final int headerOffset;
    private final int dataOffset;
    private final int capacity;
    private int readIndex;
    private int writeIndex;
    private @Nullable Slice next;
    private @Nullable Slice nextArrival;
    private @Nullable IntConsumer onRecycled;

    /** The views that were handed out last, for the same places to be handed out again without making garbage. */
    private @Nullable ByteBuffer readView;

    private @Nullable ByteBuffer writeView;
    private int readViewStart;
    private int writeViewStart;

    @SuppressWarnings("UnusedVariable") // accessed through CLAIMED
    private volatile boolean claimed;

    Slice(FreeList list, ByteBuffer region, int headerOffset, int capacity) {
        this.list = list;
        this.memory = region;
        this.headerOffset = headerOffset;
        this.dataOffset = headerOffset + SliceLayout.HEADER_BYTES;
        this.capacity = capacity;
    }

    private Slice(ByteBuffer memory) {
        this.list = null;
        this.memory = memory;
        this.headerOffset = -1;
        this.dataOffset = 0;
        this.capacity = memory.capacity();
    }

    /** Returns a slice of ordinary memory, empty. */
    public static Slice onHeap(int bytes) {
        return new Slice(ByteBuffer.allocate(bytes));
    }

    /** Returns a slice of ordinary memory that holds the given bytes. */
    public static Slice onHeap(byte[] bytes) {
        return onHeap(bytes, recycled -> {});
    }

    /**
     * Returns a slice of ordinary memory that holds the given bytes.
     *
     * @param onRecycled told how many bytes there were, once, when the slice is recycled
     */
    public static Slice onHeap(byte[] bytes, IntConsumer onRecycled) {
        Slice slice = new Slice(ByteBuffer.wrap(bytes));
        slice.writeIndex = bytes.length;
        slice.onRecycled = onRecycled;
        slice.claimed = true;
        return slice;
    }

    /** Tells whoever counts ordinary memory that this slice holds none of it any more. */
    void recycleHeap() {
        IntConsumer counter = onRecycled;
        if (counter != null && unclaimOnce()) {
            counter.accept(capacity);
        }
    }

    /** Returns whether the slice lies in a region. */
    public boolean isShared() {
        return list != null;
    }

    /** Returns the offset of the slice's header in its region. */
    public int headerOffset() {
        return headerOffset;
    }

    /** Returns the buffer that holds the data; index it with {@link #readPosition()} or {@link #writePosition()}. */
    public ByteBuffer memory() {
        return memory;
    }

    /** Returns the bytes of data that the slice can hold. */
    public int capacity() {
        return capacity;
    }

    /** Returns the bytes not yet read. */
    public int unread() {
        return writeIndex - readIndex;
    }

    /** Returns the bytes that may still be written. */
    public int writable() {
        return capacity - writeIndex;
    }

    /** Returns where in {@link #memory()} the next byte is read. */
    public int readPosition() {
        return dataOffset + readIndex;
    }

    /** Returns where in {@link #memory()} the next byte is written. */
    public int writePosition() {
        return dataOffset + writeIndex;
    }

    /**
     * Returns a read-only view of the next unread bytes. It is the same object whenever this slice holds as many bytes
     * at the same place again, so what was handed out before must be out of use by then.
     */
    ByteBuffer viewUnread(int bytes) {
        ByteBuffer view = readView;
        if (view == null || view.capacity() != bytes || readViewStart != readIndex) {
            view = memory.slice(readPosition(), bytes).asReadOnlyBuffer();
            readView = view;
            readViewStart = readIndex;
        }
        return view.clear().order(ByteOrder.BIG_ENDIAN);
    }

    /** Returns a view of the next bytes to write; the same object again as that of {@link #viewUnread}. */
    ByteBuffer viewWritable(int bytes) {
        ByteBuffer view = writeView;
        if (view == null || view.capacity() != bytes || writeViewStart != writeIndex) {
            view = memory.slice(writePosition(), bytes);
            writeView = view;
            writeViewStart = writeIndex;
        }
        return view.clear().order(ByteOrder.BIG_ENDIAN);
    }

    /** Counts bytes as read. */
    public void skip(int bytes) {
        readIndex += bytes;
    }

    /** Counts bytes as written. */
    public void extend(int bytes) {
        writeIndex += bytes;
    }

    /** Returns the next slice of the chain. */
    public @Nullable Slice next() {
        return next;
    }

    /** Returns the unread bytes of the chain that this slice begins. */
    public int chainBytes() {
        int bytes = 0;
        for (Slice slice = this; slice != null; slice = slice.next) {
            bytes += slice.unread();
        }
        return bytes;
    }

    /** Links the next slice of the chain. */
    public void next(@Nullable Slice slice) {
        next = slice;
    }

    /** Returns the chain that arrived before the one that this slice begins. */
    public @Nullable Slice nextArrival() {
        return nextArrival;
    }

    /** Links the chain that arrived before the one that this slice begins. */
    public void nextArrival(@Nullable Slice slice) {
        nextArrival = slice;
    }

    /** Makes this process the slice's only user; false if it already is, which a correct peer never brings about. */
    boolean claim() {
        return CLAIMED.compareAndSet(this, false, true);
    }

    /** Ends this process's use of the slice, before its place is published to a free list or the peer. */
    void unclaim() {
        CLAIMED.setRelease(this, false);
    }

    /** Ends this process's use of the slice; false if that has been done, so that nothing is given back twice. */
    boolean unclaimOnce() {
        return CLAIMED.compareAndSet(this, true, false);
    }

    @Nullable
    FreeList list() {
        return list;
    }

    /** Forgets what the slice holds, for writing it anew. */
    void clear() {
        readIndex = 0;
        writeIndex = 0;
        next = null;
        nextArrival = null;
    }

    /** Takes over what the header in shared memory says; the caller has checked it. */
    void load(int start, int size) {
        readIndex = start;
        writeIndex = start + size;
        next = null;
        nextArrival = null;
    }

    /** Writes size, start and the link to the next slice into the header, for the peer to read. */
    void store() {
        Cells.storePlain(memory, headerOffset + SliceLayout.SIZE, unread());
        Cells.storePlain(memory, headerOffset + SliceLayout.START, readIndex);
        Slice following = next;
        if (following == null) {
            Cells.storePlain(memory, headerOffset + SliceLayout.FLAGS, SliceLayout.IN_USE);
        } else {
            Cells.storePlain(memory, headerOffset + SliceLayout.NEXT, following.headerOffset);
            Cells.storePlain(memory, headerOffset + SliceLayout.FLAGS, SliceLayout.IN_USE | SliceLayout.HAS_NEXT);
        }
    }
}
