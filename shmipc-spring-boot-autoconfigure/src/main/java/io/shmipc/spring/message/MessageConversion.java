package io.shmipc.spring.message;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Turns objects into messages and messages into objects, by Spring's message converters.
 *
 * <p>Bytes and texts are taken as they are; the converters get everything else, the first that can wins. An absent
 * value is an empty payload without a content type.
 *
 * <p><b>Threads:</b> any.
 */
public final class MessageConversion {

    private final SmartMessageConverter converter;

    /**
     * @param converters what converts neither bytes nor texts, in the order in which they are asked
     */
    public MessageConversion(List<MessageConverter> converters) {
        List<MessageConverter> all = new ArrayList<>();
        all.add(new BytesMessageConverter());
        all.addAll(converters);
        this.converter = new CompositeMessageConverter(all);
    }

    /** Returns the converter that stands for all of them. */
    public SmartMessageConverter converter() {
        return converter;
    }

    /** Returns the headers as {@code @Header} and {@code @Headers} parameters see them. */
    public static MessageHeaders headers(WireMessage message) {
        return WireHeaders.of(message);
    }

    /**
     * Makes a message of an object.
     *
     * @param type what it is in the conversation
     * @param correlation number that ties a reply to its request
     * @param value the payload, or a {@link Message} of a payload and more headers; null for none
     * @param headers headers that go with it, before those of a {@link Message}, which may have come with another call;
     *     what is no text, number or the like stays here
     * @throws MessageConversionException if no converter knows what to do with the value
     */
    public WireMessage toWire(MessageType type, long correlation, @Nullable Object value, Map<String, ?> headers) {
        Map<String, String> wireHeaders = new LinkedHashMap<>();
        Object payload = value;
        if (value instanceof Message<?> message) {
            wireHeaders.putAll(WireHeaders.toWire(message.getHeaders()));
            payload = message.getPayload();
        }
        wireHeaders.putAll(WireHeaders.toWire(headers));
        if (payload == null) {
            return new WireMessage(type, correlation, wireHeaders, ByteBuffer.allocate(0));
        }
        Message<?> converted = convert(payload, wireHeaders.get(WireMessage.CONTENT_TYPE));
        Object contentType = converted.getHeaders().get(MessageHeaders.CONTENT_TYPE);
        if (contentType != null) {
            wireHeaders.put(WireMessage.CONTENT_TYPE, contentType.toString());
        }
        return new WireMessage(type, correlation, wireHeaders, buffer(converted.getPayload()));
    }

    /**
     * Makes an object of a message's payload.
     *
     * @return null if the message has no payload or the type is {@code Void}
     * @throws MessageConversionException if no converter knows how
     */
    public @Nullable Object fromWire(WireMessage message, Type type) {
        Class<?> target = ResolvableType.forType(type).toClass();
        boolean absent = message.contentType() == null && !message.payload().hasRemaining();
        if (absent || target == Void.class) {
            return null;
        }
        Message<byte[]> received = MessageBuilder.createMessage(message.payloadBytes(), headers(message));
        Object value = converter.fromMessage(received, target, target == type ? null : new TypeParameter(type));
        if (value == null) {
            throw new MessageConversionException(
                    "No converter makes " + type.getTypeName() + " of " + describe(message.contentType()) + ".");
        }
        return value;
    }

    private Message<?> convert(Object payload, @Nullable String contentType) {
        MessageHeaders headers = contentType == null ? null : WireHeaders.ofContentType(contentType);
        Message<?> converted = converter.toMessage(payload, headers);
        if (converted == null) {
            throw new MessageConversionException(
                    "No converter makes " + describe(contentType) + " of "
                            + payload.getClass().getTypeName()
                            + ". Pass bytes or a String, or put Jackson (tools.jackson.core:jackson-databind) on the class path.");
        }
        return converted;
    }

    private static String describe(@Nullable String contentType) {
        return contentType == null ? "a payload without a content type" : "a payload of type " + contentType;
    }

    private static ByteBuffer buffer(Object payload) {
        if (payload instanceof ByteBuffer buffer) {
            return buffer;
        }
        if (payload instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        }
        throw new MessageConversionException("A converter made "
                + payload.getClass().getTypeName() + " for the wire: it must make byte[] or ByteBuffer.");
    }
}
