package io.shmipc.spring.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message as a {@link StreamCodec} reads and writes it.
 *
 * @param type what it is in the conversation
 * @param correlation number that a requester chose and that its reply repeats; 0 if there is none
 * @param headers names with their values; who gives the map away does not change it any more
 * @param payload the remaining bytes; a decoded one lies in shared memory and is valid until the reader releases it
 */
public record WireMessage(MessageType type, long correlation, Map<String, String> headers, ByteBuffer payload) {

    /** Header: which handler a request or one-way message is for. */
    public static final String ROUTE = "route";

    /** Header: media type of the payload, such as {@code application/json}. */
    public static final String CONTENT_TYPE = "content-type";

    /** Header of an error: which one it is, see {@link ErrorCodes}. */
    public static final String CODE = "code";

    /** Header: trace context as W3C defines it. */
    public static final String TRACE_PARENT = "traceparent";

    /** Header: vendors' part of the trace context as W3C defines it. */
    public static final String TRACE_STATE = "tracestate";

    /** Returns the error that answers a request; one for the whole stream has the correlation 0. */
    public static WireMessage error(long correlation, String code, String text) {
        return new WireMessage(
                MessageType.ERROR,
                correlation,
                Map.of(CODE, code),
                ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the route, or the empty string if there is none. */
    public String route() {
        return headers.getOrDefault(ROUTE, "");
    }

    /** Returns the media type of the payload, or null if the message does not say. */
    public @Nullable String contentType() {
        return headers.get(CONTENT_TYPE);
    }

    /** Returns a copy of the payload; the payload's position stays. */
    public byte[] payloadBytes() {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        return bytes;
    }

    /** Returns the payload as UTF-8 text. */
    public String payloadText() {
        return new String(payloadBytes(), StandardCharsets.UTF_8);
    }

    /** Returns the same message with its payload on the heap, for use after the reader has released the original. */
    public WireMessage detached() {
        return new WireMessage(type, correlation, headers, ByteBuffer.wrap(payloadBytes()));
    }
}
