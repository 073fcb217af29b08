package io.shmipc.session;

import io.shmipc.shm.QueuePair;
import io.shmipc.shm.Region;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.SharedRegion;

/**
 * What a session shares with its peer, and how it gives it back.
 *
 * @param shared the region, which other sessions may share
 * @param queueMemory the mapping of the queues, this session's alone
 * @param queues the queues in it, seen from this side
 * @param releaseQueues gives the queues back
 * @param releaseRegion ends one use of the region
 */
public record SessionMemory(
        SharedRegion shared,
        SharedMemory queueMemory,
        QueuePair queues,
        Runnable releaseQueues,
        Runnable releaseRegion) {

    Region region() {
        return shared.region();
    }

    /** Adds a use of the region; false if it is gone. */
    boolean retain() {
        return shared.memory().retain();
    }

    /** Ends one use of the region. */
    void release() {
        releaseRegion.run();
    }

    /** Ends the session's own use of the region and gives the queues back. */
    public void releaseAll() {
        releaseQueues.run();
        release();
    }
}
