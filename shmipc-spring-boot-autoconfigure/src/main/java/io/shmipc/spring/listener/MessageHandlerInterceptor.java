package io.shmipc.spring.listener;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Stands around every call of a message method: for observations, security, diagnostics. Ordered beans come in their
 * order, the first one outermost.
 *
 * <p><b>Threads:</b> the one that the method is called on, as many at a time as messages are handled.
 */
@FunctionalInterface
public interface MessageHandlerInterceptor {

    /**
     * Goes on with the call, or does not.
     *
     * @param endpoint the method
     * @param request the message with its headers
     * @param call goes on
     * @return what the method returned, or something else; a {@code CompletionStage} completes when the reply is known
     * @throws Exception what the caller gets as an error reply
     */
    @Nullable
    Object intercept(ListenerEndpoint endpoint, Message<?> request, Call call) throws Exception;

    /** The rest of the call. */
    @FunctionalInterface
    interface Call {

        /** Calls the next interceptor or the method. */
        @Nullable
        Object proceed() throws Exception;
    }
}
