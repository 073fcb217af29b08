package io.shmipc.client;

import io.shmipc.Reason;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcConfig;
import io.shmipc.shm.SharedRegion;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The region that a session manager's sessions share.
 *
 * <p>When a session is lost its peer may have died holding slices, or between the two steps of a recycle; sessions made
 * afterwards get a new region. Names carry a random part besides the pid: two processes in two containers may well have
 * the same pid, and a server that looks regions up by name would mix them up.
 *
 * <p><b>Threads:</b> any; making a region takes as long as its memory takes to fill, and only those who acquire one
 * wait for it.
 */
final class RegionSource {

    private final ShmipcConfig config;

    /** What sessions get; whoever takes it out ends this object's own use of it. */
    private final AtomicReference<@Nullable SharedRegion> current = new AtomicReference<>();

    private String baseName = "";
    private int queues;
    private volatile long epoch;
    private volatile boolean closed;

    RegionSource(ShmipcConfig config) {
        this.config = config;
    }

    /** Returns the region with the caller as one of its users. */
    synchronized SharedRegion acquire() {
        if (closed) {
            throw new SessionClosedException(Reason.SESSION_SHUTDOWN, "The session manager was closed meanwhile.");
        }
        SharedRegion region = current.get();
        if (region == null || !region.memory().retain()) {
            region = create();
            region.memory().retain();
            current.set(region);
            if (closed) {
                retire(region);
            }
        }
        return region;
    }

    private SharedRegion create() {
        long number = epoch;
        baseName = config.pathPrefix() + "_" + ProcessHandle.current().pid()
                + (number == 0 ? "" : "_epoch_" + Long.toUnsignedString(number))
                + StaleFiles.MARK
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        return SharedRegion.create(config, baseName + "_buffer");
    }

    /** Returns a name for the queues of a session that uses the current region. */
    synchronized String nextQueueName() {
        return baseName + "_queue_" + queues++;
    }

    /** Makes sure that sessions with the successor of a restarting server share no memory with the given session's. */
    void moveOn(SharedRegion old, long newEpoch) {
        epoch = newEpoch;
        retire(old);
    }

    /** Makes sure that no further session uses the given region. */
    void retire(SharedRegion region) {
        if (current.compareAndSet(region, null)) {
            region.memory().release();
        }
    }

    /** Ends this object's own use of the current region, and makes no other: nobody would release it. */
    void close() {
        closed = true;
        SharedRegion region = current.getAndSet(null);
        if (region != null) {
            region.memory().release();
        }
    }
}
