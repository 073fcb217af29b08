package io.shmipc.client;

import io.shmipc.Reason;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcConfig;
import io.shmipc.shm.SharedRegion;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The region that a session manager's sessions share.
 *
 * <p>When a session is lost its peer may have died holding slices, or between the two steps of a recycle; sessions made
 * afterwards get a new region. Names carry a random part besides the pid: two processes in two containers may well have
 * the same pid, and a server that looks regions up by name would mix them up.
 *
 * <p><b>Threads:</b> any, by its lock.
 */
final class RegionSource {

    private final ShmipcConfig config;
    private @Nullable SharedRegion current;
    private String baseName = "";
    private int queues;
    private long epoch;
    private boolean closed;

    RegionSource(ShmipcConfig config) {
        this.config = config;
    }

    /** Returns the region with the caller as one of its users. */
    synchronized SharedRegion acquire() {
        if (closed) {
            throw new SessionClosedException(Reason.SESSION_SHUTDOWN, "The session manager was closed meanwhile.");
        }
        SharedRegion region = current;
        if (region == null || !region.memory().retain()) {
            baseName = config.pathPrefix() + "_" + ProcessHandle.current().pid()
                    + (epoch == 0 ? "" : "_epoch_" + Long.toUnsignedString(epoch))
                    + StaleFiles.MARK
                    + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            region = SharedRegion.create(config, baseName + "_buffer");
            region.memory().retain();
            current = region;
        }
        return region;
    }

    /** Returns a name for the queues of a session that uses the current region. */
    synchronized String nextQueueName() {
        return baseName + "_queue_" + queues++;
    }

    /** Makes sure that sessions with the successor of a restarting server share no memory with the given session's. */
    synchronized void moveOn(SharedRegion old, long newEpoch) {
        epoch = newEpoch;
        retire(old);
    }

    /** Makes sure that no further session uses the given region. */
    synchronized void retire(SharedRegion region) {
        if (region.equals(current)) {
            release();
        }
    }

    /** Ends this object's own use of the current region, and makes no other: nobody would release it. */
    synchronized void close() {
        closed = true;
        release();
    }

    private synchronized void release() {
        SharedRegion region = current;
        current = null;
        if (region != null) {
            region.memory().release();
        }
    }
}
