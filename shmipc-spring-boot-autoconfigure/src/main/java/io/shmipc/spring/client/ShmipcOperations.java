package io.shmipc.spring.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.Message;

/**
 * Sends messages to the routes of a listener, and waits for replies or does not.
 *
 * <p>Payloads are {@code byte[]}, {@code ByteBuffer}, {@code String}, or anything that Jackson writes if it is on the
 * class path. An empty route means the method that has none.
 *
 * <p><b>Threads:</b> any.
 *
 * <p><b>Errors</b> of every method, of the asynchronous ones through their futures: {@link ShmipcRemoteException} when
 * the listener replied with an error; {@link io.shmipc.ShmipcTimeoutException} when the deadline passed, and the
 * listener may or may not have done its work; another {@link io.shmipc.ShmipcException} when the message could not be
 * sent or the stream ended before the reply; {@link org.springframework.messaging.converter.MessageConversionException}
 * when no converter fits.
 */
public interface ShmipcOperations {

    /** Returns the same operations with another time for each call, from its beginning to its reply. */
    ShmipcOperations withTimeout(Duration timeout);

    /** Sends a message that nobody answers; returns when it is on its way. */
    void send(String route, Message<?> message);

    /** Sends a request and waits for its reply. */
    Message<byte[]> sendAndReceive(String route, Message<?> message);

    /** Sends a request; the future completes with its reply. Cancelling it tells the listener that nobody waits. */
    CompletableFuture<Message<byte[]>> sendAndReceiveAsync(String route, Message<?> message);

    /** Sends an object that nobody answers. */
    default void convertAndSend(String route, @Nullable Object payload) {
        convertAndSend(route, payload, Map.of());
    }

    /** Sends an object with headers that nobody answers. */
    void convertAndSend(String route, @Nullable Object payload, Map<String, ?> headers);

    /** Sends an object and waits for the reply; null if the reply is empty. */
    default <T> @Nullable T convertSendAndReceive(String route, @Nullable Object payload, Class<T> replyType) {
        return convertSendAndReceive(route, payload, Map.of(), ParameterizedTypeReference.forType(replyType));
    }

    /** Sends an object and waits for the reply, whose type may have type arguments; null if the reply is empty. */
    default <T> @Nullable T convertSendAndReceive(
            String route, @Nullable Object payload, ParameterizedTypeReference<T> replyType) {
        return convertSendAndReceive(route, payload, Map.of(), replyType);
    }

    /** Sends an object with headers and waits for the reply; null if the reply is empty. */
    <T> @Nullable T convertSendAndReceive(
            String route, @Nullable Object payload, Map<String, ?> headers, ParameterizedTypeReference<T> replyType);

    /** Sends an object; the future completes with the reply, or null if it is empty. */
    default <T> CompletableFuture<@Nullable T> convertSendAndReceiveAsync(
            String route, @Nullable Object payload, Class<T> replyType) {
        return convertSendAndReceiveAsync(route, payload, Map.of(), ParameterizedTypeReference.forType(replyType));
    }

    /** Sends an object; the future completes with the reply, whose type may have type arguments. */
    default <T> CompletableFuture<@Nullable T> convertSendAndReceiveAsync(
            String route, @Nullable Object payload, ParameterizedTypeReference<T> replyType) {
        return convertSendAndReceiveAsync(route, payload, Map.of(), replyType);
    }

    /** Sends an object with headers; the future completes with the reply, or null if it is empty. */
    <T> CompletableFuture<@Nullable T> convertSendAndReceiveAsync(
            String route, @Nullable Object payload, Map<String, ?> headers, ParameterizedTypeReference<T> replyType);
}
