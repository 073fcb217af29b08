package io.shmipc.spring.listener;

import io.shmipc.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * A message that knows the stream on which it came, for the parameters that ask for it, and why its method could not be
 * called.
 */
final class StreamMessage implements Message<Object> {

    private final Object payload;
    private final MessageHeaders headers;
    private final Stream stream;
    private @Nullable Exception refusal;

    StreamMessage(Object payload, MessageHeaders headers, Stream stream) {
        this.payload = payload;
        this.headers = headers;
        this.stream = stream;
    }

    @Override
    public Object getPayload() {
        return payload;
    }

    @Override
    public MessageHeaders getHeaders() {
        return headers;
    }

    Stream stream() {
        return stream;
    }

    /** Notes that the message does not hold what its method takes. */
    void refusedBy(Exception reason) {
        refusal = reason;
    }

    /** Returns whether the message caused the failure, rather than its method or who stands around that. */
    boolean isRefusedBy(Exception failure) {
        return failure == refusal;
    }

    /** Says no more than errors that go to the caller may say. */
    @Override
    public String toString() {
        Object contentType = headers.get(MessageHeaders.CONTENT_TYPE);
        return contentType == null ? "a message without a content type" : "a message of type " + contentType;
    }
}
