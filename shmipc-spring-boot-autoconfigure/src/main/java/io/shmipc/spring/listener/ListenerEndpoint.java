package io.shmipc.spring.listener;

import io.shmipc.spring.annotation.InvalidDeclarationException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * One annotated method with its attributes resolved, ready to be served by a container.
 *
 * @param id name among all endpoints
 * @param listener name of the listener whose streams it serves
 * @param beanName name of the bean in the application context
 * @param bean what the method is called on; a proxy if the bean has one
 * @param method what is called, as the bean or its proxy exposes it
 * @param attributes how it is called
 */
public record ListenerEndpoint(
        String id, String listener, String beanName, Object bean, Method method, ListenerAttributes attributes) {

    /** Returns the method as a reader would find it: {@code Echo.onData(Stream) of bean 'echo'}. */
    public String describe() {
        String parameters = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        return method.getDeclaringClass().getSimpleName() + "." + method.getName() + "(" + parameters + ") of bean '"
                + beanName + "'";
    }

    /** Returns whether the method takes messages, rather than a stream whose bytes it reads itself. */
    public boolean isForMessages() {
        Class<?>[] parameters = method.getParameterTypes();
        if (Arrays.stream(parameters).anyMatch(StreamArgument::isBytes)) {
            return false;
        }
        return attributes.areForMessages()
                || method.getReturnType() != void.class
                || Arrays.stream(parameters).anyMatch(type -> StreamArgument.of(type) == null);
    }

    /** Returns whether the listener may start with the application, as far as this method is concerned. */
    boolean startsAutomatically() {
        String value = attributes.autoStartup();
        if (value.isEmpty() || value.equalsIgnoreCase("true")) {
            return true;
        }
        if (value.equalsIgnoreCase("false")) {
            return false;
        }
        throw new InvalidDeclarationException(
                "@ShmipcListener method " + describe() + " has the autoStartup attribute '" + value + "'.",
                "Set it to true or false.");
    }
}
