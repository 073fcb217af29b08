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
 * <p><b>Threads:</b> any thread puts or empties; each chain leaves it once.
 */
final class Inbox {

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
