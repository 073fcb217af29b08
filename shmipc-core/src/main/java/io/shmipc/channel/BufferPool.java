package io.shmipc.channel;

import io.shmipc.sys.NativeBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Buffers of connections that have ended, for those that begin. What lies outside the heap is freed only when the
 * garbage collector comes by, which may be long after clients that come and go have used up all there is.
 *
 * <p><b>Threads:</b> any.
 */
final class BufferPool {

    static final int BUFFER_BYTES = 16 << 10;

    private static final int MAX_KEPT = 64;
    private static final BlockingQueue<NativeBuffer> KEPT = new ArrayBlockingQueue<>(MAX_KEPT);

    private BufferPool() {}

    /** Returns a buffer that nobody else uses; it may hold what another connection left in it. */
    static NativeBuffer take() {
        NativeBuffer kept = KEPT.poll();
        return kept != null ? kept : NativeBuffer.allocate(BUFFER_BYTES);
    }

    /** Keeps a buffer for the next one, if there is room; the caller uses it no more. */
    static boolean giveBack(NativeBuffer buffer) {
        return KEPT.offer(buffer);
    }
}
