package io.shmipc.spring.listener;

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
 */
public record ListenerEndpoint(String id, String listener, String beanName, Object bean, Method method) {

    /** Returns the method as a reader would find it: {@code Echo.onData(Stream) of bean 'echo'}. */
    public String describe() {
        String parameters = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        return method.getDeclaringClass().getSimpleName() + "." + method.getName() + "(" + parameters + ") of bean '"
                + beanName + "'";
    }
}
