package io.shmipc.session;

import io.shmipc.shm.Slice;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what came through a session's connection and was not read yet: it lies in ordinary memory, which nothing else
 * bounds when a peer sends faster than this side reads. When it becomes too much, the stream with the most is given up.
 *
 * <p><b>Threads:</b> the holder of the consumer role takes, any thread recycles; by its lock.
 */
final class UnreadFallback {

    /** What each piece costs besides its bytes, so that many small ones count as what they are. */
    static final int OVERHEAD_BYTES = 192;

    private final long limitBytes;
    private final Map<ShmipcStream, Long> bytesOfStreams = new HashMap<>();
    private long heldBytes;

    UnreadFallback(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Copies what has arrived for a stream; returns null if that is the stream to give up. */
    @Nullable
    Slice take(ShmipcStream stream, ByteBuffer part) {
        int bytes = part.remaining();
        ShmipcStream victim = count(stream, bytes);
        if (victim != null) {
            victim.overflow("the session held more than unreadFallbackBytes, " + limitBytes
                    + ", of what came through the connection and was not read, most of it here. Read faster, raise"
                    + " regionBytes so that less takes the connection, or raise unreadFallbackBytes.");
        }
        if (victim == stream) {
            return null;
        }
        byte[] copy = new byte[bytes];
        part.get(copy);
        return Slice.onHeap(copy, recycled -> recycled(stream, recycled));
    }

    /** Counts bytes; returns the stream to give up if there are too many, and counts its bytes no longer. */
    private synchronized @Nullable ShmipcStream count(ShmipcStream stream, int bytes) {
        heldBytes += bytes + OVERHEAD_BYTES;
        bytesOfStreams.merge(stream, (long) bytes + OVERHEAD_BYTES, Long::sum);
        if (heldBytes <= limitBytes) {
            return null;
        }
        ShmipcStream largest = stream;
        for (Map.Entry<ShmipcStream, Long> entry : bytesOfStreams.entrySet()) {
            if (entry.getValue() > bytesOfStreams.getOrDefault(largest, 0L)) {
                largest = entry.getKey();
            }
        }
        Long writtenOff = bytesOfStreams.remove(largest);
        heldBytes -= writtenOff == null ? 0 : writtenOff;
        return largest;
    }

    private synchronized void recycled(ShmipcStream stream, int bytes) {
        if (bytesOfStreams.containsKey(stream)) {
            long counted = (long) bytes + OVERHEAD_BYTES;
            heldBytes -= counted;
            bytesOfStreams.computeIfPresent(stream, (key, held) -> held == counted ? null : held - counted);
        }
    }

    /** Returns the bytes that wait to be read, with what they cost besides. */
    synchronized long heldBytes() {
        return heldBytes;
    }
}
