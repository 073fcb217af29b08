package io.shmipc.shm;

import io.shmipc.SliceSize;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Memory and regions for tests, small enough to exhaust. */
final class Regions {

    /** Where the first list of every region begins. */
    static final int FIRST_LIST = RegionLayout.HEADER_BYTES;

    private Regions() {}

    /** Returns zeroed memory outside the heap, as a mapping is. */
    static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Returns memory that exactly holds a region of one list. */
    static ByteBuffer memoryFor(int slices, int sliceBytes) {
        return memory(FIRST_LIST + (int) FreeListLayout.listBytes(slices, sliceBytes));
    }

    /** Writes a region of one list into memory from {@link #memoryFor}. */
    static Region format(ByteBuffer memory, int sliceBytes) {
        return Region.format(memory, List.of(new SliceSize(sliceBytes, 100)));
    }

    /** Returns the bytes that the golden files' makers sent. */
    static byte[] pattern(int bytes, int seed) {
        byte[] pattern = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            pattern[i] = (byte) ((i * 31 + seed) % 251);
        }
        return pattern;
    }
}
