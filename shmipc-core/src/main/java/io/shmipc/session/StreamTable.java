package io.shmipc.session;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of a session by id, and which ids have ever been used.
 *
 * <p>Open addressing with linear probing over plain ids, so that a look-up makes no garbage. Used ids are kept as the
 * highest one and the gaps below it: ids count up, and streams may send their first message out of order.
 *
 * <p><b>Threads:</b> any, by its lock.
 */
final class StreamTable {

    /** More gaps than this are a peer's mischief; the lowest ones then count as used. */
    static final int MAX_GAPS = 1 << 16;

    private @Nullable ShmipcStream[] slots = new ShmipcStream[16];
    private int size;
    private long highestId;
    private final TreeMap<Long, Long> gaps = new TreeMap<>();
    private boolean closed;

    /** Adds a stream whose id is not in the table; false if the table is closed. */
    synchronized boolean add(ShmipcStream stream) {
        if (closed) {
            return false;
        }
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        slots[freeSlot(slots, stream.idBits())] = stream;
        size++;
        return true;
    }

    synchronized @Nullable ShmipcStream get(int id) {
        int mask = slots.length - 1;
        for (int slot = slotOf(id, mask); ; slot = (slot + 1) & mask) {
            ShmipcStream stream = slots[slot];
            if (stream == null || stream.idBits() == id) {
                return stream;
            }
        }
    }

    synchronized void remove(ShmipcStream stream) {
        int mask = slots.length - 1;
        int slot = slotOf(stream.idBits(), mask);
        while (slots[slot] != stream) {
            if (slots[slot] == null) {
                return;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = null;
        size--;
        closeHole(slot, mask);
    }

    /** Moves later members of the probe sequence forward, so that no look-up stops at the hole. */
    private void closeHole(int start, int mask) {
        int hole = start;
        int slot = (hole + 1) & mask;
        ShmipcStream stream = slots[slot];
        while (stream != null) {
            int home = slotOf(stream.idBits(), mask);
            if (((slot - home) & mask) >= ((slot - hole) & mask)) {
                slots[hole] = stream;
                slots[slot] = null;
                hole = slot;
            }
            slot = (slot + 1) & mask;
            stream = slots[slot];
        }
    }

    synchronized int size() {
        return size;
    }

    /** Returns whether there is a stream that neither side has closed. */
    synchronized boolean hasOpen() {
        for (ShmipcStream stream : slots) {
            if (stream != null && stream.isOpen()) {
                return true;
            }
        }
        return false;
    }

    /** Refuses new streams if there is none; returns whether it does. */
    synchronized boolean closeIfEmpty() {
        closed |= size == 0;
        return closed;
    }

    /** Returns all streams, in no order. */
    synchronized List<ShmipcStream> all() {
        List<ShmipcStream> streams = new ArrayList<>(size);
        for (ShmipcStream stream : slots) {
            if (stream != null) {
                streams.add(stream);
            }
        }
        return streams;
    }

    /** Takes all streams out and refuses new ones. */
    synchronized List<ShmipcStream> close() {
        closed = true;
        List<ShmipcStream> streams = all();
        slots = new ShmipcStream[16];
        size = 0;
        return streams;
    }

    /** Notes that the peer uses an id; returns false if it has used it before. */
    synchronized boolean markUsed(long id) {
        if (id > highestId) {
            if (id > highestId + 1) {
                addGap(highestId + 1, id - 1);
            }
            highestId = id;
            return true;
        }
        var gap = gaps.floorEntry(id);
        if (gap == null || gap.getValue() < id) {
            return false;
        }
        gaps.remove(gap.getKey());
        if (gap.getKey() < id) {
            addGap(gap.getKey(), id - 1);
        }
        if (id < gap.getValue()) {
            addGap(id + 1, gap.getValue());
        }
        return true;
    }

    /** Remembers ids that the peer has left out; the oldest count as used when there are too many such gaps. */
    private void addGap(long from, long to) {
        gaps.put(from, to);
        if (gaps.size() > MAX_GAPS) {
            gaps.pollFirstEntry();
        }
    }

    /** Returns how many ranges of ids the peer has left out, as far as they are remembered. */
    synchronized int gaps() {
        return gaps.size();
    }

    private void grow() {
        @Nullable ShmipcStream[] larger = new ShmipcStream[2 * slots.length];
        for (ShmipcStream stream : slots) {
            if (stream != null) {
                larger[freeSlot(larger, stream.idBits())] = stream;
            }
        }
        slots = larger;
    }

    private static int freeSlot(@Nullable ShmipcStream[] slots, int id) {
        int mask = slots.length - 1;
        int slot = slotOf(id, mask);
        while (slots[slot] != null) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static int slotOf(int id, int mask) {
        return ((id * 0x9E3779B9) >>> 8) & mask;
    }
}
