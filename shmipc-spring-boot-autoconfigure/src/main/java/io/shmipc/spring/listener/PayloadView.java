package io.shmipc.spring.listener;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.handler.annotation.Header;

/**
 * Lends a payload in shared memory for the time of one call: afterwards the lent buffer is empty for good.
 *
 * <p>Where the JDK can, from 22 on, duplicates and slices of it end as well, and only the lending thread may use them.
 *
 * <p><b>Threads:</b> the one that calls the method.
 */
final class PayloadView implements AutoCloseable {

    private final ByteBuffer buffer;
    private final @Nullable AutoCloseable scope;

    private PayloadView(ByteBuffer buffer, @Nullable AutoCloseable scope) {
        this.buffer = buffer;
        this.scope = scope;
    }

    static PayloadView of(ByteBuffer payload) {
        if (!ScopedBuffers.areThereFor(payload)) {
            return new PayloadView(payload.slice(), null);
        }
        AutoCloseable scope = ScopedBuffers.open();
        return new PayloadView(ScopedBuffers.within(scope, payload), scope);
    }

    /** Returns whether one of the method's parameters is a buffer, or a message with one. */
    static boolean isTakenBy(HandlerMethod method) {
        for (MethodParameter parameter : method.getMethodParameters()) {
            ResolvableType type = ResolvableType.forMethodParameter(parameter);
            Class<?> payload =
                    type.resolve() == Message.class ? type.getGeneric(0).resolve() : type.resolve();
            if (payload == ByteBuffer.class && !parameter.hasParameterAnnotation(Header.class)) {
                return true;
            }
        }
        return false;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public void close() throws Exception {
        buffer.limit(0);
        if (scope != null) {
            scope.close();
        }
    }
}
