package io.shmipc.spring.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeTypeUtils;

/**
 * Takes payloads as they are, whatever their media type: as {@code byte[]}, as {@link ByteBuffer}, or as UTF-8 text.
 *
 * <p>It leaves every other type to the converters behind it.
 */
final class BytesMessageConverter implements MessageConverter {

    @Override
    public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass) {
        byte[] bytes = bytes(message.getPayload());
        if (bytes == null) {
            return null;
        }
        if (targetClass == byte[].class) {
            return bytes;
        }
        if (targetClass == ByteBuffer.class) {
            return ByteBuffer.wrap(bytes);
        }
        return targetClass == String.class || targetClass == CharSequence.class
                ? new String(bytes, StandardCharsets.UTF_8)
                : null;
    }

    @Override
    public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
        if (payload instanceof CharSequence text) {
            return message(
                    ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)),
                    headers,
                    MimeTypeUtils.TEXT_PLAIN_VALUE);
        }
        if (payload instanceof byte[] bytes) {
            return message(ByteBuffer.wrap(bytes), headers, MimeTypeUtils.APPLICATION_OCTET_STREAM_VALUE);
        }
        return payload instanceof ByteBuffer buffer
                ? message(buffer, headers, MimeTypeUtils.APPLICATION_OCTET_STREAM_VALUE)
                : null;
    }

    private static Message<?> message(ByteBuffer payload, @Nullable MessageHeaders headers, String contentType) {
        return MessageBuilder.withPayload(payload)
                .copyHeaders(headers)
                .setHeaderIfAbsent(MessageHeaders.CONTENT_TYPE, contentType)
                .build();
    }

    private static byte @Nullable [] bytes(Object payload) {
        if (payload instanceof ByteBuffer buffer) {
            byte[] copy = new byte[buffer.remaining()];
            buffer.get(buffer.position(), copy);
            return copy;
        }
        return payload instanceof byte[] bytes ? bytes : null;
    }
}
