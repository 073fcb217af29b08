package io.shmipc.spring.client;

import io.shmipc.ConnectException;
import io.shmipc.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.Message;

/**
 * Refuses each call of a client that a property switches off, so that the rest of the application starts and works.
 *
 * <p><b>Threads:</b> any.
 */
final class SwitchedOffOperations implements ShmipcOperations {

    private final ClientSwitch off;

    SwitchedOffOperations(ClientSwitch off) {
        this.off = off;
    }

    @Override
    public ShmipcOperations withTimeout(Duration timeout) {
        return this;
    }

    @Override
    public void send(String route, Message<?> message) {
        throw refusal(route);
    }

    @Override
    public Message<byte[]> sendAndReceive(String route, Message<?> message) {
        throw refusal(route);
    }

    @Override
    public CompletableFuture<Message<byte[]>> sendAndReceiveAsync(String route, Message<?> message) {
        return CompletableFuture.failedFuture(refusal(route));
    }

    @Override
    public void convertAndSend(String route, @Nullable Object payload, Map<String, ?> headers) {
        throw refusal(route);
    }

    @Override
    public <T> @Nullable T convertSendAndReceive(
            String route, @Nullable Object payload, Map<String, ?> headers, ParameterizedTypeReference<T> replyType) {
        throw refusal(route);
    }

    @Override
    public <T> CompletableFuture<@Nullable T> convertSendAndReceiveAsync(
            String route, @Nullable Object payload, Map<String, ?> headers, ParameterizedTypeReference<T> replyType) {
        return CompletableFuture.failedFuture(refusal(route));
    }

    private ConnectException refusal(String route) {
        return new ConnectException(
                Reason.CONNECTION_FAILED,
                "The route '%s' cannot be called: %s. %s, or do without the call."
                        .formatted(route, off.problem(), off.remedy()));
    }
}
