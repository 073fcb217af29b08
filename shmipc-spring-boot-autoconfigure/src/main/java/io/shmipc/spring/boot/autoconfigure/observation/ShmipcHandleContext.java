package io.shmipc.spring.boot.autoconfigure.observation;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.shmipc.spring.listener.ListenerEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.MessageHeaders;

/** What is known of a message that a method handles: its carrier are the message's headers. */
public final class ShmipcHandleContext extends ReceiverContext<MessageHeaders> {

    private final ListenerEndpoint endpoint;

    /**
     * @param endpoint the method
     * @param headers the message's
     */
    public ShmipcHandleContext(ListenerEndpoint endpoint, MessageHeaders headers) {
        super((carrier, key) -> text(carrier, key), Kind.SERVER);
        this.endpoint = endpoint;
        setCarrier(headers);
    }

    private static @Nullable String text(@Nullable MessageHeaders headers, String key) {
        Object value = headers == null ? null : headers.get(key);
        return value == null ? null : value.toString();
    }

    /** Returns the method. */
    public ListenerEndpoint endpoint() {
        return endpoint;
    }
}
