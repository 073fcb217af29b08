package io.shmipc.client;

import io.shmipc.session.ShmipcStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Idle streams of one session. The one put back last is given out first, so that the others grow old and are closed.
 *
 * <p><b>Threads:</b> any, by its lock.
 */
final class StreamPool {

    private final ShmipcStream[] streams;
    private final long[] sinceNanos;
    private int oldest;
    private int size;
    private boolean closed;

    StreamPool(int capacity) {
        streams = new ShmipcStream[capacity];
        sinceNanos = new long[capacity];
    }

    /** Takes the stream that was put back last; null if there is none. */
    synchronized @Nullable ShmipcStream poll() {
        return size == 0 ? null : streams[(oldest + --size) % streams.length];
    }

    /** Keeps an idle stream; false if the pool is full or closed. */
    synchronized boolean offer(ShmipcStream stream, long nowNanos) {
        if (closed || size == streams.length) {
            return false;
        }
        int slot = (oldest + size++) % streams.length;
        streams[slot] = stream;
        sinceNanos[slot] = nowNanos;
        return true;
    }

    /** Takes out the streams that nobody has used since the given time. */
    synchronized List<ShmipcStream> expire(long beforeNanos) {
        List<ShmipcStream> expired = new ArrayList<>();
        while (size > 0 && sinceNanos[oldest] - beforeNanos < 0) {
            expired.add(streams[oldest]);
            oldest = (oldest + 1) % streams.length;
            size--;
        }
        return expired;
    }

    /** Takes out all streams and keeps none any more. */
    synchronized List<ShmipcStream> close() {
        closed = true;
        List<ShmipcStream> all = new ArrayList<>();
        while (size > 0) {
            all.add(streams[(oldest + --size) % streams.length]);
        }
        return all;
    }
}
