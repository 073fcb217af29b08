package io.shmipc.inspect;

import io.shmipc.layout.Cells;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory that others write, read word by word; a word that is read twice may differ.
 *
 * <p><b>Threads:</b> any.
 */
final class Words {

    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
    private static final int ROTATION = 29;

    private final ByteBuffer memory;

    Words(ByteBuffer memory) {
        this.memory = memory.duplicate().order(ByteOrder.nativeOrder());
    }

    int bytes() {
        return memory.capacity();
    }

    /**
     * Returns the word at an offset; no peer that this machine runs well makes a misaligned one, but a broken one may.
     */
    int at(int offset) {
        return offset % Integer.BYTES == 0 ? Cells.loadAcquire(memory, offset) : memory.getInt(offset);
    }

    long unsignedAt(int offset) {
        return Integer.toUnsignedLong(at(offset));
    }

    /** Returns a number made from all bytes of a range: equal for equal bytes, and nearly never for others. */
    long fingerprint(int offset, int bytes) {
        long mixed = bytes;
        int end = offset + bytes;
        int at = offset;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            mixed = Long.rotateLeft((mixed ^ memory.getLong(at)) * MIX, ROTATION);
        }
        for (; at < end; at++) {
            mixed = Long.rotateLeft((mixed ^ memory.get(at)) * MIX, ROTATION);
        }
        return mixed;
    }
}
