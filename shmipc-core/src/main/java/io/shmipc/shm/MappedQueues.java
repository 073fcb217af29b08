package io.shmipc.shm;

import io.shmipc.sys.FileIdentity;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The queues that this process maps for its peers. A queue has one consumer on each side, so a file that is in use already
 * is not used a second time: over TCP anybody can name it.
 *
 * <p><b>Threads:</b> any.
 */
public final class MappedQueues {

    private final Set<FileIdentity> used = ConcurrentHashMap.newKeySet();

    /** Takes a queue for one session; false if another one has it. */
    public boolean take(SharedMemory queue) {
        return used.add(queue.identity());
    }

    /** Gives up a queue that was taken. */
    public void release(SharedMemory queue) {
        // The mark first: once the memory is gone, another file may get the same inode number.
        used.remove(queue.identity());
        queue.release();
    }
}
