package io.shmipc.spring.listener;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Decides what becomes of a message whose method threw an exception; a method names its bean with
 * {@code @ShmipcListener(errorHandler = …)}.
 */
@FunctionalInterface
public interface ShmipcListenerErrorHandler {

    /**
     * Handles a failure.
     *
     * @param request the message; a {@code ByteBuffer} payload is empty by now
     * @param failure what the method threw or its future failed with
     * @return what the caller gets as the reply, null for an empty one
     * @throws Exception what is logged, counted and reported to the caller instead; it may be {@code failure} itself
     */
    @Nullable
    Object handleError(Message<?> request, Throwable failure) throws Exception;
}
