package io.shmipc.layout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Access to the words of shared memory; each name states the memory order.
 *
 * <p>Words of the protocol are in native order and 4-aligned; offsets are bytes from the start of the buffer. Numbers
 * inside messages are big-endian and need no alignment.
 *
 * <p><b>Threads:</b> any; the order of the method used is all the order there is.
 */
public final class Cells {

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();
    private static final VarHandle BIG_ENDIAN_SHORT = MethodHandles.byteBufferViewVarHandle(
                    short[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle BIG_ENDIAN_INT = MethodHandles.byteBufferViewVarHandle(
                    int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle BIG_ENDIAN_LONG = MethodHandles.byteBufferViewVarHandle(
                    long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    /**
     * Exchanges per round of {@link #compileExchanges()}, the time of a round once they are compiled, and all it may
     * take.
     */
    private static final int WARM_UP_EXCHANGES = 500;

    private static final long COMPILED_ROUND_NANOS = 60_000;
    private static final long WARM_UP_NANOS = 2_000_000_000;

    private Cells() {}

    /**
     * Exchanges words of its own until the JVM has compiled how, which takes some ten milliseconds, and two seconds at
     * most on a machine whose compiler gets no processor.
     *
     * <p>A peer can cut a file short at any moment. The JVM turns a fault on a load, a store or anything compiled into
     * an InternalError, but one on an exchange that its interpreter performs ends the process. So no word of a peer is
     * exchanged before this has returned.
     */
    public static void compileExchanges() {
        ByteBuffer words = ByteBuffer.allocateDirect(2 * Integer.BYTES).order(ByteOrder.nativeOrder());
        long begin = System.nanoTime();
        long roundBegin = begin;
        while (true) {
            for (int i = 0; i < WARM_UP_EXCHANGES; i++) {
                int before = getAndAdd(words, 0, 1);
                compareAndSet(words, Integer.BYTES, before, before + 1);
            }
            long now = System.nanoTime();
            if (now - roundBegin < COMPILED_ROUND_NANOS || now - begin > WARM_UP_NANOS) {
                return;
            }
            roundBegin = now;
        }
    }

    /** Loads a word without order. */
    public static int loadPlain(ByteBuffer memory, int offset) {
        return (int) INT.get(memory, offset);
    }

    /** Loads a word that another thread or process may be writing, without ordering other accesses. */
    public static int loadOpaque(ByteBuffer memory, int offset) {
        return (int) INT.getOpaque(memory, offset);
    }

    /** Loads a word; later accesses stay behind it. */
    public static int loadAcquire(ByteBuffer memory, int offset) {
        return (int) INT.getAcquire(memory, offset);
    }

    /** Stores a word without order. */
    public static void storePlain(ByteBuffer memory, int offset, int value) {
        INT.set(memory, offset, value);
    }

    /** Stores a word; earlier accesses stay before it. */
    public static void storeRelease(ByteBuffer memory, int offset, int value) {
        INT.setRelease(memory, offset, value);
    }

    /** Replaces a word if it has the expected value; a full barrier. */
    public static boolean compareAndSet(ByteBuffer memory, int offset, int expected, int value) {
        return INT.compareAndSet(memory, offset, expected, value);
    }

    /** Adds to a word and returns what was there before; a full barrier. */
    public static int getAndAdd(ByteBuffer memory, int offset, int delta) {
        return (int) INT.getAndAdd(memory, offset, delta);
    }

    /** Keeps every access before it from passing any after it. */
    public static void fullFence() {
        VarHandle.fullFence();
    }

    /** Loads a big-endian number of two bytes from a message. */
    public static short loadShort(ByteBuffer memory, int offset) {
        return (short) BIG_ENDIAN_SHORT.get(memory, offset);
    }

    /** Loads a big-endian number of four bytes from a message. */
    public static int loadInt(ByteBuffer memory, int offset) {
        return (int) BIG_ENDIAN_INT.get(memory, offset);
    }

    /** Loads a big-endian number of eight bytes from a message. */
    public static long loadLong(ByteBuffer memory, int offset) {
        return (long) BIG_ENDIAN_LONG.get(memory, offset);
    }

    /** Stores a big-endian number of two bytes into a message. */
    public static void storeShort(ByteBuffer memory, int offset, short value) {
        BIG_ENDIAN_SHORT.set(memory, offset, value);
    }

    /** Stores a big-endian number of four bytes into a message. */
    public static void storeInt(ByteBuffer memory, int offset, int value) {
        BIG_ENDIAN_INT.set(memory, offset, value);
    }

    /** Stores a big-endian number of eight bytes into a message. */
    public static void storeLong(ByteBuffer memory, int offset, long value) {
        BIG_ENDIAN_LONG.set(memory, offset, value);
    }
}
