package io.shmipc.spring.client;

import io.shmipc.spring.annotation.InvalidDeclarationException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.ReflectiveMethodInvocation;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Calls a route for each {@link ShmipcExchange} method of an interface; what the methods mean is decided once.
 *
 * <p><b>Threads:</b> any.
 */
public final class ShmipcClientProxy implements MethodInterceptor {

    private final Class<?> contract;
    private final Map<Method, ExchangeMethod> methods;
    private final ShmipcOperations operations;

    private ShmipcClientProxy(Class<?> contract, Map<Method, ExchangeMethod> methods, ShmipcOperations operations) {
        this.contract = contract;
        this.methods = methods;
        this.operations = operations;
    }

    /**
     * Makes an object of an interface.
     *
     * @param contract the interface
     * @param operations what its methods call through
     * @throws InvalidDeclarationException if a method cannot work; names it and says why
     */
    public static <T> T create(Class<T> contract, ShmipcOperations operations) {
        return create(contract, operations, UnaryOperator.identity());
    }

    static <T> T create(Class<T> contract, ShmipcOperations operations, UnaryOperator<String> attributes) {
        Map<Method, ExchangeMethod> methods = new HashMap<>();
        exchanges(contract)
                .forEach((method, annotation) ->
                        methods.put(method, ExchangeMethod.of(contract, method, annotation, attributes)));
        if (methods.isEmpty()) {
            throw new InvalidDeclarationException(
                    contract.getName() + " has no @ShmipcExchange method.",
                    "Annotate the methods that call a route.",
                    null);
        }
        return contract.cast(ProxyFactory.getProxy(contract, new ShmipcClientProxy(contract, methods, operations)));
    }

    static Map<Method, ShmipcExchange> exchanges(Class<?> contract) {
        return MethodIntrospector.selectMethods(contract, (MethodIntrospector.MetadataLookup<ShmipcExchange>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, ShmipcExchange.class));
    }

    /** Returns the default method's own code; the interface need not be public. */
    private static MethodHandle implementation(Method method) throws IllegalAccessException {
        Class<?> owner = method.getDeclaringClass();
        return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).unreflectSpecial(method, owner);
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Method method = invocation.getMethod();
        ExchangeMethod exchange = methods.get(method);
        if (exchange != null) {
            return exchange.call(operations, invocation.getArguments());
        }
        if (method.isDefault() && invocation instanceof ReflectiveMethodInvocation reflective) {
            return implementation(method).bindTo(reflective.getProxy()).invokeWithArguments(invocation.getArguments());
        }
        if (method.getName().equals("toString") && method.getParameterCount() == 0) {
            return "shmipc client " + contract.getName();
        }
        throw new UnsupportedOperationException(method + " has no @ShmipcExchange annotation.");
    }
}
