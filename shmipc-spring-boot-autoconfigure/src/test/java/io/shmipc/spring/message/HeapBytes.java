package io.shmipc.spring.message;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Reason;
import io.shmipc.StreamClosedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Both ends of a stream on the heap: what was written is there to be read, and nobody waits for more. */
final class HeapBytes implements BufferReader, BufferWriter {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int position;

    static HeapBytes ofHex(String hex) {
        HeapBytes bytes = new HeapBytes();
        bytes.writeBytes(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
        return bytes;
    }

    String hex() {
        return HexFormat.of().formatHex(written.toByteArray());
    }

    @Override
    public int length() {
        return written.size() - position;
    }

    @Override
    public ByteBuffer peek(int size) {
        if (size > length()) {
            throw new StreamClosedException(Reason.END_OF_STREAM, length() + " bytes are left, not " + size + ".");
        }
        return ByteBuffer.wrap(written.toByteArray(), position, size).slice().asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer readBytes(int size) {
        ByteBuffer bytes = peek(size);
        position += size;
        return bytes;
    }

    @Override
    public byte readByte() {
        return readBytes(Byte.BYTES).get();
    }

    @Override
    public short readShort() {
        return readBytes(Short.BYTES).getShort();
    }

    @Override
    public int readInt() {
        return readBytes(Integer.BYTES).getInt();
    }

    @Override
    public long readLong() {
        return readBytes(Long.BYTES).getLong();
    }

    @Override
    public void readBytes(byte[] target, int offset, int length) {
        readBytes(length).get(target, offset, length);
    }

    @Override
    public void readBytes(ByteBuffer target) {
        target.put(readBytes(target.remaining()));
    }

    @Override
    public String readString(int size) {
        return StandardCharsets.UTF_8.decode(readBytes(size)).toString();
    }

    @Override
    public void discard(int size) {
        ByteBuffer unused = readBytes(size);
    }

    @Override
    public void releasePreviousRead() {}

    @Override
    public void writeByte(byte value) {
        written.write(value);
    }

    @Override
    public void writeShort(short value) {
        writeBytes(ByteBuffer.allocate(Short.BYTES).putShort(value).flip());
    }

    @Override
    public void writeInt(int value) {
        writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
    }

    @Override
    public void writeLong(long value) {
        writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
    }

    @Override
    public void writeBytes(byte[] source) {
        written.writeBytes(source);
    }

    @Override
    public void writeBytes(byte[] source, int offset, int length) {
        written.write(source, offset, length);
    }

    @Override
    public void writeBytes(ByteBuffer source) {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        writeBytes(bytes);
    }

    @Override
    public void writeString(String text) {
        writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer reserve(int size) {
        throw new UnsupportedOperationException("no memory to reserve");
    }
}
