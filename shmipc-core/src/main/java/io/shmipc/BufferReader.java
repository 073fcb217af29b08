package io.shmipc;

import java.nio.ByteBuffer;

/**
 * Reads the bytes that the peer flushed on a stream, in place where they lie in shared memory.
 *
 * <p>A method that wants more bytes than have arrived waits for them, until the stream's read deadline. Numbers are
 * big-endian. Spans returned by {@link #readBytes(int)} and {@link #peek(int)} are read-only and stay valid until
 * {@link #releasePreviousRead()}; afterwards the same buffer object may be returned for later bytes, so that steady
 * traffic makes no garbage. The other methods copy and hold nothing.
 *
 * <p><b>Threads:</b> one thread at a time.
 *
 * <p><b>Errors</b> of every method that may wait: {@link ShmipcTimeoutException} when the read deadline passes,
 * {@link StreamClosedException} with {@link Reason#END_OF_STREAM} when the peer has closed and too few bytes are left,
 * or with {@link Reason#STREAM_CLOSED} when the stream was closed here, {@link SessionClosedException} when the session
 * is gone.
 */
public interface BufferReader {

    /** Returns the number of bytes that have arrived and are not yet read, without waiting. */
    int length();

    /** Reads one byte. */
    byte readByte();

    /** Reads two bytes as a big-endian number. */
    short readShort();

    /** Reads four bytes as a big-endian number. */
    int readInt();

    /** Reads eight bytes as a big-endian number. */
    long readLong();

    /**
     * Reads a span of {@code size} bytes.
     *
     * @return a read-only buffer over shared memory if the bytes lie in one slice, else over a copy of them; position
     *     0, limit {@code size}
     */
    ByteBuffer readBytes(int size);

    /** Reads exactly {@code length} bytes into {@code target}. */
    void readBytes(byte[] target, int offset, int length);

    /** Fills {@code target} up to its limit. */
    void readBytes(ByteBuffer target);

    /** Reads {@code size} bytes as UTF-8 text. */
    String readString(int size);

    /** Returns the next {@code size} bytes like {@link #readBytes(int)} without consuming them. */
    ByteBuffer peek(int size);

    /** Skips exactly {@code size} bytes. */
    void discard(int size);

    /** Gives the slices of everything read so far back to the region; spans handed out before become invalid. */
    void releasePreviousRead();
}
