package io.shmipc.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Stream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What the peers say to each other inside a stream; {@code src/test/go/README.md} defines it.
 *
 * <pre>
 * byte  0          4          8                     16               16 + length
 *       +----------+----------+---------------------+-----------------+
 *       | length   | crc32    | sequence            | payload …       |      big-endian
 *       +----------+----------+---------------------+-----------------+
 * </pre>
 *
 * A request's payload holds {@code (i * 31 + sequence) mod 251} at index i; a reply's is the server's prefix and then
 * the request's payload.
 */
public final class Frames {

    public static final int HEADER_BYTES = 16;

    private static final int MAX_PAYLOAD = 256 << 20;
    private static final int STEP = 31;

    /** Also the period of the pattern, which is therefore one long text that each sequence begins at another place. */
    private static final int MODULUS = 251;

    /** 81 steps of 31 are 1, modulo 251. */
    private static final int PLACES_PER_SEQUENCE = 81;

    private static final byte[] TEXT = text(MODULUS * 512);

    /** Payloads up to this size are written in place, larger ones are copied in: both ways of writing are used. */
    private static final int RESERVED_BYTES = 4096;

    /** A frame that is whole: its checksum was right. */
    record Frame(long sequence, ByteBuffer payload) {

        /** Fails unless the payload is what a request of this sequence carries. */
        void requireRequest() {
            requirePattern(payload, payload.position(), payload.remaining(), sequence);
        }

        /** Fails unless this is the reply to the given request. */
        void requireReply(long request, int size, String prefix) {
            require(sequence == request, "reply " + sequence + " came to request " + request);
            int expected = prefix.length() + size;
            require(payload.remaining() == expected, payload.remaining() + " bytes came, not " + expected);
            byte[] begin = new byte[prefix.length()];
            payload.get(payload.position(), begin);
            require(prefix.equals(new String(begin, US_ASCII)), "the reply begins with " + new String(begin, US_ASCII));
            requirePattern(payload, payload.position() + begin.length, size, sequence);
        }
    }

    /** A frame whose bytes are not the ones that were sent. */
    static final class CorruptFrameException extends RuntimeException {
        CorruptFrameException(String message) {
            super(message);
        }
    }

    private Frames() {}

    private static byte[] text(int bytes) {
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            text[i] = (byte) (i * STEP % MODULUS);
        }
        return text;
    }

    /** Returns the payload of a request. */
    public static byte[] pattern(int size, long sequence) {
        byte[] bytes = new byte[size];
        for (int done = 0; done < size; ) {
            ByteBuffer part = patternFrom(done, sequence, size - done);
            int length = part.remaining();
            part.get(bytes, done, length);
            done += length;
        }
        return bytes;
    }

    /** Returns what a payload holds from an index on, as far as the text goes and no longer than asked for. */
    private static ByteBuffer patternFrom(int index, long sequence, int length) {
        int place = (int) ((sequence % MODULUS * PLACES_PER_SEQUENCE + index) % MODULUS);
        return ByteBuffer.wrap(TEXT, place, Math.min(length, TEXT.length - place));
    }

    private static void requirePattern(ByteBuffer bytes, int from, int size, long sequence) {
        for (int done = 0; done < size; ) {
            ByteBuffer expected = patternFrom(done, sequence, size - done);
            int length = expected.remaining();
            int mismatch = bytes.slice(from + done, length).mismatch(expected);
            require(mismatch < 0, "byte " + (done + mismatch) + " of " + size + " of frame " + sequence + " is wrong");
            done += length;
        }
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new CorruptFrameException(otherwise);
        }
    }

    /** Writes one frame and flushes it. */
    static void send(Stream stream, long sequence, String prefix, ByteBuffer payload) {
        write(stream.bufferWriter(), sequence, prefix, payload);
        stream.flush();
    }

    /** Writes one frame, which the caller flushes. */
    public static void write(BufferWriter writer, long sequence, String prefix, ByteBuffer payload) {
        byte[] begin = prefix.getBytes(US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(begin);
        crc.update(payload.duplicate());
        writer.writeInt(begin.length + payload.remaining());
        writer.writeInt((int) crc.getValue());
        writer.writeLong(sequence);
        writer.writeBytes(begin);
        if (payload.remaining() <= RESERVED_BYTES) {
            writer.reserve(payload.remaining()).put(payload.duplicate());
        } else {
            writer.writeBytes(payload.duplicate());
        }
    }

    /** Reads one frame, waiting for what is missing; its payload is valid until the reader releases what was read. */
    static Frame read(BufferReader reader) {
        int length = checkedLength(reader.readInt());
        int checksum = reader.readInt();
        long sequence = reader.readLong();
        return checked(sequence, checksum, reader.readBytes(length));
    }

    /** Reads one frame if all of it is there, else nothing. */
    static @Nullable Frame poll(BufferReader reader) {
        if (reader.length() < HEADER_BYTES) {
            return null;
        }
        int length = checkedLength(reader.peek(Integer.BYTES).getInt());
        return reader.length() < HEADER_BYTES + length ? null : read(reader);
    }

    private static int checkedLength(int length) {
        require(length >= 0 && length <= MAX_PAYLOAD, "a frame claims " + Integer.toUnsignedString(length) + " bytes");
        return length;
    }

    private static Frame checked(long sequence, int checksum, ByteBuffer payload) {
        CRC32 crc = new CRC32();
        crc.update(payload.duplicate());
        require(
                (int) crc.getValue() == checksum,
                "the checksum of frame " + sequence + " of " + payload.remaining() + " bytes is wrong");
        return new Frame(sequence, payload);
    }
}
