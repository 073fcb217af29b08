package io.shmipc.spring.message;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.InvalidConfigException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The envelope, the project's own format; big-endian, docs/envelope.md has examples.
 *
 * <pre>
 * byte  0         4         5      6              8               16          16+h      length
 *       +---------+---------+------+--------------+---------------+-----------+---------+
 *       | length  | version | type | header bytes | correlation   | headers   | payload |
 *       | u32     | u8 = 1  | u8   | u16 = h      | u64           | h bytes   | rest    |
 *       +---------+---------+------+--------------+---------------+-----------+---------+
 *
 * one header:  | name length u8, 1 or more | name, UTF-8 | value length u16 | value, UTF-8 |
 * </pre>
 *
 * The length is that of the whole message, itself included. A peer's length, version and type are checked as soon as
 * they are there, before anything waits for the rest.
 */
public final class EnvelopeCodec implements StreamCodec {

    /** Size of the largest message unless another limit is given: 16 MiB. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 16 << 20;

    private static final int PREFIX_BYTES = 16;
    private static final byte VERSION = 1;

    /** The part of the prefix that says how long the message is and whether it is one. */
    private static final int BEGINNING_BYTES = 8;

    private static final int MAX_HEADER_BYTES = 0xFFFF;
    private static final int MAX_NAME_BYTES = 0xFF;

    private final int maxMessageBytes;

    public EnvelopeCodec() {
        this(DEFAULT_MAX_MESSAGE_BYTES);
    }

    /**
     * @param maxMessageBytes size of the largest message that is read or written, its headers included
     * @throws InvalidConfigException if not even the headers would fit
     */
    public EnvelopeCodec(long maxMessageBytes) {
        if (maxMessageBytes < PREFIX_BYTES + MAX_HEADER_BYTES || maxMessageBytes > Integer.MAX_VALUE) {
            throw new InvalidConfigException(
                    "maxSize",
                    maxMessageBytes + " bytes",
                    "be from " + (PREFIX_BYTES + MAX_HEADER_BYTES) + " bytes to just below 2 GB",
                    "Choose what the largest message needs");
        }
        this.maxMessageBytes = (int) maxMessageBytes;
    }

    @Override
    public boolean isComplete(BufferReader reader) {
        int arrived = reader.length();
        if (arrived < BEGINNING_BYTES) {
            return false;
        }
        ByteBuffer beginning = reader.peek(BEGINNING_BYTES);
        int length = verifiedLength(beginning.getInt());
        verifyVersion(beginning.get());
        type(beginning.get());
        return arrived >= length;
    }

    @Override
    public WireMessage decode(BufferReader reader) {
        int length = verifiedLength(reader.readInt());
        verifyVersion(reader.readByte());
        MessageType type = type(reader.readByte());
        int headerBytes = Short.toUnsignedInt(reader.readShort());
        long correlation = reader.readLong();
        int payloadBytes = length - PREFIX_BYTES - headerBytes;
        if (payloadBytes < 0) {
            throw new MalformedMessageException("A message of " + length + " bytes claims " + headerBytes
                    + " bytes of headers behind its first " + PREFIX_BYTES + ".");
        }
        Map<String, String> headers = headerBytes == 0 ? Map.of() : headers(reader.readBytes(headerBytes));
        return new WireMessage(type, correlation, headers, reader.readBytes(payloadBytes));
    }

    @Override
    public void encode(WireMessage message, BufferWriter writer) {
        byte[] headers = block(message.headers());
        long length = (long) PREFIX_BYTES + headers.length + message.payload().remaining();
        if (length > maxMessageBytes) {
            throw tooLarge(length);
        }
        writer.writeInt((int) length);
        writer.writeByte(VERSION);
        writer.writeByte(message.type().wireNumber());
        writer.writeShort((short) headers.length);
        writer.writeLong(message.correlation());
        writer.writeBytes(headers);
        writer.writeBytes(message.payload().duplicate());
    }

    private int verifiedLength(int length) {
        if (Integer.toUnsignedLong(length) > maxMessageBytes) {
            throw tooLarge(Integer.toUnsignedLong(length));
        }
        if (length < PREFIX_BYTES) {
            throw new MalformedMessageException(
                    "A message claims a length of " + length + " bytes: it has " + PREFIX_BYTES + " at least.");
        }
        return length;
    }

    private MalformedMessageException tooLarge(long length) {
        return new MalformedMessageException("A message has " + length + " bytes: it may have " + maxMessageBytes
                + ". Send less at once, or raise shmipc.messages.max-size on both sides.");
    }

    private static void verifyVersion(byte version) {
        if (version != VERSION) {
            throw new MalformedMessageException("A message has version " + Byte.toUnsignedInt(version)
                    + " of the envelope: this side speaks version " + VERSION + ".");
        }
    }

    private static MessageType type(byte number) {
        MessageType type = MessageType.of(number);
        if (type == null) {
            throw new MalformedMessageException(
                    "A message has type " + Byte.toUnsignedInt(number) + ": there are types 1 to 4.");
        }
        return type;
    }

    private static Map<String, String> headers(ByteBuffer block) {
        Map<String, String> headers = new HashMap<>();
        while (block.hasRemaining()) {
            String name = text(block, Byte.toUnsignedInt(block.get()));
            if (name.isEmpty()) {
                throw new MalformedMessageException("A message has a header without a name.");
            }
            if (block.remaining() < Short.BYTES) {
                throw cutOff();
            }
            if (headers.put(name, text(block, Short.toUnsignedInt(block.getShort()))) != null) {
                throw new MalformedMessageException("A message has the header '" + name + "' twice.");
            }
        }
        return headers;
    }

    private static String text(ByteBuffer block, int bytes) {
        if (bytes > block.remaining()) {
            throw cutOff();
        }
        byte[] text = new byte[bytes];
        block.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static MalformedMessageException cutOff() {
        return new MalformedMessageException("The last header of a message reaches beyond the end of the headers.");
    }

    private static byte[] block(Map<String, String> headers) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        headers.forEach((name, value) -> {
            byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
            byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
            if (nameBytes.length == 0 || nameBytes.length > MAX_NAME_BYTES) {
                throw new MalformedMessageException("The header name '" + name + "' has " + nameBytes.length
                        + " bytes: it must have 1 to " + MAX_NAME_BYTES + ".");
            }
            requireHeaderBytes(valueBytes.length);
            block.write(nameBytes.length);
            block.writeBytes(nameBytes);
            block.write(valueBytes.length >> Byte.SIZE);
            block.write(valueBytes.length);
            block.writeBytes(valueBytes);
        });
        requireHeaderBytes(block.size());
        return block.toByteArray();
    }

    private static void requireHeaderBytes(int bytes) {
        if (bytes > MAX_HEADER_BYTES) {
            throw new MalformedMessageException("The headers of a message have " + bytes
                    + " bytes or more: they may have " + MAX_HEADER_BYTES + ". Move what is large into the payload.");
        }
    }
}
