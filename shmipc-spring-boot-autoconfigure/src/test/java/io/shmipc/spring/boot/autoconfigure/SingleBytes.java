package io.shmipc.spring.boot.autoconfigure;

import io.shmipc.BufferWriter;
import io.shmipc.Stream;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;

/** Sends messages in the smallest pieces that there are. */
final class SingleBytes {

    private static final int ENOUGH = 1_000;

    private SingleBytes() {}

    static void write(StreamCodec codec, WireMessage message, Stream stream) {
        ByteBuffer bytes = ByteBuffer.allocate(ENOUGH);
        codec.encode(message, (BufferWriter) Proxy.newProxyInstance(
                SingleBytes.class.getClassLoader(), new Class<?>[] {BufferWriter.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "writeByte" -> bytes.put((byte) arguments[0]);
                        case "writeShort" -> bytes.putShort((short) arguments[0]);
                        case "writeInt" -> bytes.putInt((int) arguments[0]);
                        case "writeLong" -> bytes.putLong((long) arguments[0]);
                        case "writeBytes" -> put(bytes, arguments[0]);
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                }));
        bytes.flip();
        while (bytes.hasRemaining()) {
            stream.bufferWriter().writeByte(bytes.get());
            stream.flush();
        }
    }

    private static void put(ByteBuffer bytes, Object source) {
        if (source instanceof ByteBuffer buffer) {
            bytes.put(buffer);
        } else {
            bytes.put((byte[]) source);
        }
    }
}
