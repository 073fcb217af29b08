package io.shmipc.spring.client;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.GenericTypeResolver;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;

/**
 * Tells native images what the bean of an interface with {@link ShmipcExchange} methods needs: its proxy, its methods,
 * and the objects that they send and receive. Spring looks for annotations at the factory of the bean, not at the
 * interface.
 */
final class ShmipcClientAotProcessor implements BeanRegistrationAotProcessor {

    private final BindingReflectionHintsRegistrar bindings = new BindingReflectionHintsRegistrar();

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        if (bean.getBeanClass() != ShmipcClientFactoryBean.class) {
            return null;
        }
        Class<?> contract = bean.getBeanType().getGeneric().toClass();
        return (generation, code) -> registerHints(generation.getRuntimeHints(), contract);
    }

    private void registerHints(RuntimeHints hints, Class<?> contract) {
        hints.proxies().registerJdkProxy(AopProxyUtils.completeJdkProxyInterfaces(contract));
        hints.reflection().registerType(contract);
        for (Method method : contract.getMethods()) {
            if (method.isDefault()) {
                hints.reflection().registerMethod(method, ExecutableMode.INVOKE);
            }
        }
        ShmipcClientProxy.exchanges(contract)
                .keySet()
                .forEach(method -> register(hints.reflection(), contract, method));
    }

    private void register(ReflectionHints hints, Class<?> contract, Method method) {
        hints.registerMethod(method, ExecutableMode.INVOKE);
        bind(hints, contract, method.getGenericReturnType());
        for (Parameter parameter : method.getParameters()) {
            if (!parameter.isAnnotationPresent(Header.class) && !parameter.isAnnotationPresent(Headers.class)) {
                bind(hints, contract, parameter.getParameterizedType());
            }
        }
    }

    private void bind(ReflectionHints hints, Class<?> contract, Type type) {
        bindings.registerReflectionHints(hints, GenericTypeResolver.resolveType(type, contract));
    }
}
