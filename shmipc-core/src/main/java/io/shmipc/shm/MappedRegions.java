package io.shmipc.shm;

import io.shmipc.sys.FileIdentity;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The regions that this process maps for its peers: one mapping per file, however many sessions use it.
 *
 * <p>Files are told apart by device and inode, never by the name that a peer chose: two peers in two containers may
 * well choose the same.
 *
 * <p><b>Threads:</b> any.
 */
public final class MappedRegions {

    private final Map<FileIdentity, SharedRegion> regions = new HashMap<>();

    /**
     * Returns the region that lies in the given file, and makes the caller one of its users.
     *
     * @param mapping maps the file, if nobody has yet
     * @throws CorruptMemoryException if it holds no region
     */
    public synchronized SharedRegion acquire(FileIdentity identity, Supplier<SharedMemory> mapping) {
        SharedRegion known = regions.get(identity);
        if (known != null && known.memory().retain()) {
            return known;
        }
        SharedMemory memory = mapping.get();
        try {
            SharedRegion region = new SharedRegion(memory, SharedMemory.examine(() -> Region.read(memory.bytes())));
            regions.put(identity, region);
            return region;
        } catch (Throwable e) {
            memory.release();
            throw e;
        }
    }

    /** Ends one use; the last one's release unmaps the region. */
    public synchronized void release(SharedRegion region) {
        if (region.memory().release()) {
            regions.remove(region.memory().identity(), region);
        }
    }
}
