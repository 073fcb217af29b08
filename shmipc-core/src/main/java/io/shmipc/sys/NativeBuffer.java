package io.shmipc.sys;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.LongToIntFunction;

/**
 * Ordinary memory outside the heap together with its address, so that a native call on it allocates nothing.
 * The memory is freed when neither this object nor a buffer cut from it is reachable.
 *
 * <p><b>Threads:</b> any, but it orders nothing: callers that share one agree on who uses which bytes.
 */
public final class NativeBuffer {
    private final ByteBuffer bytes;
    private final long address;

    private NativeBuffer(ByteBuffer bytes) {
        this.bytes = bytes;
        this.address = Pointer.nativeValue(Native.getDirectBufferPointer(bytes));
    }

    /** Returns a buffer of that many bytes, all zero. */
    public static NativeBuffer allocate(int bytes) {
        return new NativeBuffer(ByteBuffer.allocateDirect(bytes));
    }

    /** Returns a buffer for a C struct: its numbers are in native order. */
    static NativeBuffer struct(int bytes) {
        NativeBuffer buffer = allocate(bytes);
        buffer.bytes.order(ByteOrder.nativeOrder());
        return buffer;
    }

    /** Returns a C string: the text in UTF-8 and a zero byte. */
    static NativeBuffer string(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        NativeBuffer buffer = allocate(encoded.length + 1);
        buffer.bytes.put(0, encoded);
        return buffer;
    }

    /** Returns the bytes: the same buffer at every call, initially big-endian, the order of the wire. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Returns the address of the first byte, valid while this object is reachable. */
    long address() {
        return address;
    }

    /** Returns the address of a range, valid while this object is reachable. */
    long address(int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.capacity());
        return address + offset;
    }

    /** Makes a native call on the address, keeping the memory for as long, and returns its result. */
    int call(LongToIntFunction nativeCall) {
        try {
            return nativeCall.applyAsInt(address);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
