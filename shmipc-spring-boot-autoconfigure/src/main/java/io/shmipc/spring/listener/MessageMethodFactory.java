package io.shmipc.spring.listener;

import io.shmipc.spring.annotation.InvalidDeclarationException;
import io.shmipc.spring.message.StreamCodec;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.util.ReflectionUtils;

/**
 * Prepares message methods for being called: finds the beans that their annotations name, and refuses what cannot work.
 *
 * <p><b>Threads:</b> the one that starts the application.
 */
public final class MessageMethodFactory {

    private final BeanFactory beanFactory;
    private final MessageSettings settings;
    private final MessageInvocationFactory methods = new MessageInvocationFactory();

    /**
     * @param beanFactory where codecs, error handlers and executors are looked up by name
     * @param settings what applies unless an annotation says otherwise
     */
    public MessageMethodFactory(BeanFactory beanFactory, MessageSettings settings) {
        this.beanFactory = beanFactory;
        this.settings = settings;
        MessageConverter converter = settings.conversion().converter();
        methods.setBeanFactory(beanFactory);
        methods.setMessageConverter(converter);
        if (settings.validator() != null) {
            methods.setValidator(settings.validator());
        }
        methods.setCustomArgumentResolvers(
                List.of(new StreamArgumentResolver(), new BytesArgumentResolver(converter, settings.validator())));
        methods.afterPropertiesSet();
    }

    /**
     * Prepares one method.
     *
     * @throws InvalidDeclarationException naming the method, the attribute or parameter, and what to do
     */
    MessageMethod create(ListenerEndpoint endpoint) {
        ReflectionUtils.makeAccessible(endpoint.method());
        InvocableHandlerMethod method = methods.createInvocableHandlerMethod(endpoint.bean(), endpoint.method());
        if (PayloadView.isTakenBy(method)
                && CompletionStage.class.isAssignableFrom(endpoint.method().getReturnType())) {
            throw new InvalidDeclarationException(
                    "@ShmipcListener method " + endpoint.describe()
                            + " takes a ByteBuffer, which is valid until the method returns, but its result comes later.",
                    "Take a byte[] instead, or return the result itself.");
        }
        ListenerAttributes attributes = endpoint.attributes();
        StreamCodec codec = bean(endpoint, "codec", attributes.codec(), StreamCodec.class);
        return new MessageMethod(
                endpoint,
                method,
                codec == null ? settings.codec() : codec,
                settings,
                bean(endpoint, "errorHandler", attributes.errorHandler(), ShmipcListenerErrorHandler.class),
                bean(endpoint, "executor", attributes.executor(), Executor.class),
                concurrency(endpoint));
    }

    private int concurrency(ListenerEndpoint endpoint) {
        String value = endpoint.attributes().concurrency();
        if (value.isEmpty()) {
            return settings.concurrency();
        }
        try {
            int concurrency = Integer.parseInt(value);
            if (concurrency > 0) {
                return concurrency;
            }
        } catch (NumberFormatException e) {
            // Refused below, with all other values that make no sense.
        }
        throw new InvalidDeclarationException(
                "@ShmipcListener method " + endpoint.describe() + " has the concurrency attribute '" + value + "'.",
                "Set it to the number of calls that may be under way at once, 1 or more.");
    }

    private <T> @Nullable T bean(ListenerEndpoint endpoint, String attribute, String name, Class<T> type) {
        if (name.isEmpty()) {
            return null;
        }
        try {
            return beanFactory.getBean(name, type);
        } catch (BeansException e) {
            throw new InvalidDeclarationException(
                    "@ShmipcListener method " + endpoint.describe() + " has the " + attribute + " attribute '" + name
                            + "': " + e.getMessage() + ".",
                    "Declare a bean of that name and of type " + type.getSimpleName() + ", or correct the name.",
                    e);
        }
    }
}
