package io.shmipc;

import java.nio.ByteBuffer;

/**
 * Writes the next message of a stream straight into shared memory; {@link Stream#flush} sends it.
 *
 * <p>Numbers are big-endian. When no slice is free, bytes go to ordinary memory and the flush sends them through the
 * connection instead.
 *
 * <p><b>Threads:</b> one thread at a time.
 *
 * <p><b>Errors:</b> {@link StreamClosedException} when the stream was closed here; {@link BackPressureException} with
 * {@link Reason#WRITE_BUFFER_FULL} when a write would exceed {@link ShmipcConfig#writeBufferBytes()}: nothing of it is
 * written, and what was written before stays.
 */
public interface BufferWriter {

    /** Returns the number of bytes written since the last flush. */
    int length();

    /** Writes one byte. */
    void writeByte(byte value);

    /** Writes a number as two big-endian bytes. */
    void writeShort(short value);

    /** Writes a number as four big-endian bytes. */
    void writeInt(int value);

    /** Writes a number as eight big-endian bytes. */
    void writeLong(long value);

    /** Writes all of {@code source}. */
    void writeBytes(byte[] source);

    /** Writes {@code length} bytes of {@code source}. */
    void writeBytes(byte[] source, int offset, int length);

    /** Writes the remaining bytes of {@code source} and moves its position to its limit. */
    void writeBytes(ByteBuffer source);

    /** Writes {@code text} as UTF-8. */
    void writeString(String text);

    /**
     * Reserves {@code size} bytes that the caller fills before the flush: the zero-copy way of writing.
     *
     * @return a buffer over one slice of shared memory, or over ordinary memory if no slice is free or large enough;
     *     position 0, limit {@code size}, valid until the flush; a later message may be given the same buffer object
     */
    ByteBuffer reserve(int size);
}
