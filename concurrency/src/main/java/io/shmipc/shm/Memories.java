package io.shmipc.shm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Zeroed memory outside the heap, as a mapping is, for very many short-lived states: many share a chunk, which goes when
 * the last of them does.
 */
final class Memories {

    private static final int CHUNK_BYTES = 1 << 18;

    /** States do not share cache lines. */
    private static final int ALIGNMENT = 64;

    private static ByteBuffer chunk = newChunk();

    private Memories() {}

    private static ByteBuffer newChunk() {
        return ByteBuffer.allocateDirect(CHUNK_BYTES).alignedSlice(ALIGNMENT);
    }

    static synchronized ByteBuffer allocate(int bytes) {
        if (chunk.remaining() < bytes) {
            chunk = newChunk();
        }
        int start = chunk.position();
        chunk.position(Math.min(chunk.limit(), start + (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT));
        return chunk.slice(start, bytes).order(ByteOrder.nativeOrder());
    }
}
