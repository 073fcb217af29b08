package io.shmipc.spring.listener;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * Calls a method with what its message holds, and notes if the message does not hold that: afterwards the exception alone
 * does not tell whether the method threw it.
 */
final class MessageInvocation extends InvocableHandlerMethod {

    MessageInvocation(Object bean, Method method) {
        super(bean, method);
    }

    @Override
    public @Nullable Object invoke(Message<?> message, @Nullable Object... providedArguments) throws Exception {
        return doInvoke(arguments(message, providedArguments));
    }

    private @Nullable Object[] arguments(Message<?> message, @Nullable Object... providedArguments) throws Exception {
        try {
            return getMethodArgumentValues(message, providedArguments);
        } catch (Exception e) {
            if (message instanceof StreamMessage own) {
                own.refusedBy(e);
            }
            throw e;
        }
    }
}
