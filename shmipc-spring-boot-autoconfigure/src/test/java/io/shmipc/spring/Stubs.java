package io.shmipc.spring;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.Callable;

/** Makes stand-ins for the engine's interfaces that answer the named methods and refuse all others. */
public final class Stubs {

    private Stubs() {}

    public static <T> T of(Class<T> type, Map<String, Callable<?>> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Callable<?> answer = answers.get(method.getName());
            if (answer != null) {
                return answer.call();
            }
            return switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == args[0];
                case "toString" -> "a stand-in for " + type.getSimpleName();
                default -> throw new UnsupportedOperationException(method.getName());
            };
        }));
    }
}
