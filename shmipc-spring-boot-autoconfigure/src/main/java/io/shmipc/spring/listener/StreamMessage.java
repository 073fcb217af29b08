package io.shmipc.spring.listener;

import io.shmipc.Stream;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/** A message that knows the stream on which it came, for the parameters that ask for it. */
record StreamMessage(Object payload, MessageHeaders headers, Stream stream) implements Message<Object> {

    @Override
    public Object getPayload() {
        return payload;
    }

    @Override
    public MessageHeaders getHeaders() {
        return headers;
    }

    /** Says no more than errors that go to the caller may say. */
    @Override
    public String toString() {
        Object contentType = headers.get(MessageHeaders.CONTENT_TYPE);
        return contentType == null ? "a message without a content type" : "a message of type " + contentType;
    }
}
