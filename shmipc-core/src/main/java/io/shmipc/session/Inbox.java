package io.shmipc.session;

import io.shmipc.shm.ChainReader;
import io.shmipc.shm.Region;
import io.shmipc.shm.Slice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Chains that arrived for a stream and wait for its reader: a stack whose links are the chains' first slices.
 *
 * <p><b>Threads:</b> any thread puts, counts or empties; each chain leaves it once.
 */
final class Inbox {

    private static final int MAX_PASSES = 100;

    private static final VarHandle NEWEST;

    static {
        try {
            NEWEST = MethodHandles.lookup().findVarHandle(Inbox.class, "newest", Slice.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Slice newest;

    boolean isEmpty() {
        return newest == null;
    }

    void put(Slice chain) {
        Slice before;
        do {
            before = newest;
            chain.nextArrival(before);
        } while (!NEWEST.compareAndSet(this, before, chain));
    }

    /**
     * Returns the bytes of what waits. The links of what is taken meanwhile lead astray, so a count holds only if the chain
     * that it began with is still the newest, or below it. A chain that was read, and whose slice the peer has filled and
     * sent to this stream again, all during one count, makes that count wrong; so does a flood that never pauses.
     */
    long bytes() {
        long bytes = 0;
        Slice counted = null;
        Slice top = newest;
        for (int passes = 0; top != counted && passes < MAX_PASSES; passes++) {
            long added = 0;
            Slice chain = top;
            while (chain != null && chain != counted) {
                added += chain.chainBytes();
                chain = chain.nextArrival();
            }
            bytes = chain == counted ? bytes + added : added;
            counted = top;
            VarHandle.acquireFence();
            top = newest;
        }
        return bytes;
    }

    /** Appends everything to a reader, the oldest first. */
    void moveTo(ChainReader reader) {
        Slice oldest = null;
        Slice chain = take();
        while (chain != null) {
            Slice older = chain.nextArrival();
            chain.nextArrival(oldest);
            oldest = chain;
            chain = older;
        }
        while (oldest != null) {
            Slice later = oldest.nextArrival();
            oldest.nextArrival(null);
            reader.append(oldest);
            oldest = later;
        }
    }

    /** Gives everything back to the region. */
    void recycle(Region region) {
        Slice chain = take();
        while (chain != null) {
            Slice older = chain.nextArrival();
            region.recycle(chain);
            chain = older;
        }
    }

    private @Nullable Slice take() {
        return newest == null ? null : (Slice) NEWEST.getAndSet(this, (Slice) null);
    }
}
