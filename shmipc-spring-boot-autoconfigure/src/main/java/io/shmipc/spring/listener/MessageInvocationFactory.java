package io.shmipc.spring.listener;

import java.lang.reflect.Method;
import java.util.List;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/** Makes {@link MessageInvocation}s with the argument resolvers that Spring's methods have. */
final class MessageInvocationFactory extends DefaultMessageHandlerMethodFactory {

    private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

    @Override
    protected List<HandlerMethodArgumentResolver> initArgumentResolvers() {
        List<HandlerMethodArgumentResolver> initial = super.initArgumentResolvers();
        resolvers.addResolvers(initial);
        return initial;
    }

    @Override
    public InvocableHandlerMethod createInvocableHandlerMethod(Object bean, Method method) {
        MessageInvocation invocation = new MessageInvocation(bean, method);
        invocation.setMessageMethodArgumentResolvers(resolvers);
        return invocation;
    }
}
