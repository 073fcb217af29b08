package io.shmipc.sys;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;

/**
 * Maps shared files into this process so that no buffer ever points at unmapped memory.
 *
 * <p>A mapping lives as long as any buffer cut from it. {@link #release} gives the shared memory back earlier, while
 * those buffers stay safe to touch.
 *
 * <p><b>Threads:</b> any.
 */
public final class Mappings {
    private static final long MAP_FAILED = -1;

    private Mappings() {}

    /**
     * Maps the beginning of a file for reading and writing, shared with every other process that maps it.
     *
     * @param file a regular file or a memfd; it can be closed afterwards
     * @param bytes how much of it, at least 1; a buffer ends at 2 GiB - 1
     * @return a direct buffer in native byte order
     * @throws IllegalArgumentException if bytes is not positive or does not fit a buffer
     * @throws IOException if the file is smaller, is no regular file, or cannot be mapped; it is never made larger
     */
    public static ByteBuffer map(Descriptor file, long bytes) throws IOException {
        if (bytes <= 0 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a mapping has 1 to " + Integer.MAX_VALUE + " bytes; " + bytes + " were asked for");
        }
        FileFacts facts = FileFacts.of(file);
        if (!facts.regular()) {
            throw new IOException(file + " cannot be mapped: it is not a regular file");
        }
        if (facts.bytes() < bytes) {
            throw new IOException(file + " has " + facts.bytes() + " bytes; " + bytes + " were to be mapped");
        }
        file.enter();
        try (FileChannel channel =
                FileChannel.open(file.procPath(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, bytes).order(ByteOrder.nativeOrder());
        } catch (IOException e) {
            throw e.getCause() instanceof OutOfMemoryError ? noRoom(bytes, e) : e;
        } finally {
            file.exit();
        }
    }

    private static IOException noRoom(long bytes, IOException cause) {
        return new IOException(
                "this process has no room for a mapping of " + bytes
                        + " bytes. Raise its limit of addresses (ulimit -v) or"
                        + " of mappings (sysctl vm.max_map_count), or make regionBytes smaller",
                cause);
    }

    /**
     * Gives the shared memory of a mapping back at once and puts private zeros in its place.
     *
     * <p>Every buffer cut from the mapping stays safe to touch, by any thread, even while this runs: it reads zeros
     * or what this process wrote since. The address range goes back to the system when the last buffer is unreachable.
     * Releasing a mapping again does nothing but fill it with zeros again.
     *
     * @param mapping the buffer that {@link #map} returned: not a slice of it, and no other direct buffer
     * @throws IllegalArgumentException if it is on the heap
     * @throws NativeException if the system refuses, for instance with ENOMEM; the mapping is then as it was
     */
    public static void release(ByteBuffer mapping) throws NativeException {
        if (!mapping.isDirect()) {
            throw new IllegalArgumentException("not a mapping: " + mapping);
        }
        try {
            long address = Pointer.nativeValue(Native.getDirectBufferPointer(mapping));
            coverWithZeros(address, mapping.capacity());
        } finally {
            Reference.reachabilityFence(mapping);
        }
    }

    /**
     * Has this thread meet now what it did to mapped memory before: where a file was cut short the JVM throws an
     * InternalError, but only when the thread next comes by, which may be in somebody else's affairs.
     */
    public static void raiseFaults() {
        Libc.geteuid();
    }

    /** Moves fresh zeros over a range: unlike mmap(MAP_FIXED) this cannot fail half-way and leave a hole. */
    private static void coverWithZeros(long address, long bytes) throws NativeException {
        int flags = Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS | Libc.MAP_NORESERVE;
        long zeros = Libc.mmap(0, bytes, Libc.PROT_READ_WRITE, flags, -1, 0);
        if (zeros == MAP_FAILED) {
            throw new NativeException("mmap", bytes + " bytes", Libc.errno());
        }
        int move = Libc.MREMAP_MAYMOVE | Libc.MREMAP_FIXED;
        if (Libc.mremap(zeros, bytes, bytes, move, address) == MAP_FAILED) {
            int errno = Libc.errno();
            Libc.munmap(zeros, bytes);
            throw new NativeException("mremap", bytes + " bytes", errno);
        }
    }
}
