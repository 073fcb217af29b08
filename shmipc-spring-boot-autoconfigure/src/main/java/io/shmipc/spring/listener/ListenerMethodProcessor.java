package io.shmipc.spring.listener;

import io.shmipc.spring.annotation.ShmipcListener;
import java.lang.reflect.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Finds the annotated methods of all beans and registers them.
 *
 * <p>It looks once, when every singleton exists: beans are then as they will be called, with all of their proxies.
 */
public final class ListenerMethodProcessor implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerMethodProcessor.class);

    private final ConfigurableListableBeanFactory beanFactory;
    private final ShmipcListenerRegistry registry;
    private final EmbeddedValueResolver valueResolver;

    public ListenerMethodProcessor(ConfigurableListableBeanFactory beanFactory, ShmipcListenerRegistry registry) {
        this.beanFactory = beanFactory;
        this.registry = registry;
        this.valueResolver = new EmbeddedValueResolver(beanFactory);
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (String beanName : beanFactory.getBeanNamesForType(Object.class)) {
            Class<?> type = ScopedProxyUtils.isScopedTarget(beanName) ? null : targetClass(beanName);
            if (type != null && AnnotationUtils.isCandidateClass(type, ShmipcListener.class)) {
                methods(type).forEach((method, annotation) -> register(beanName, method, annotation));
            }
        }
    }

    private void register(String beanName, Method method, ShmipcListener annotation) {
        Object bean = beanFactory.getBean(beanName);
        String id = resolve(annotation.id());
        registry.register(new ListenerEndpoint(
                id.isEmpty() ? beanName + "." + method.getName() : id,
                resolve(annotation.listener()),
                beanName,
                bean,
                callableMethod(beanName, bean, method),
                attributes(annotation)));
    }

    private ListenerAttributes attributes(ShmipcListener annotation) {
        return new ListenerAttributes(
                resolve(annotation.route()),
                resolve(annotation.codec()),
                resolve(annotation.errorHandler()),
                resolve(annotation.executor()),
                resolve(annotation.concurrency()),
                resolve(annotation.autoStartup()));
    }

    private String resolve(String attribute) {
        String value = valueResolver.resolveStringValue(attribute);
        return value == null ? "" : value;
    }

    /** Returns the class behind the bean's proxies, or null if the bean's type cannot be told without making it. */
    private @Nullable Class<?> targetClass(String beanName) {
        try {
            return determineTargetClass(beanName);
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("The type of bean '{}' cannot be told; it is not searched for @ShmipcListener", beanName, e);
            return null;
        }
    }

    private @Nullable Class<?> determineTargetClass(String beanName) {
        Class<?> type = AutoProxyUtils.determineTargetClass(beanFactory, beanName);
        if (type != null && ScopedObject.class.isAssignableFrom(type)) {
            return AutoProxyUtils.determineTargetClass(beanFactory, ScopedProxyUtils.getTargetBeanName(beanName));
        }
        return type;
    }

    private static Map<Method, ShmipcListener> methods(Class<?> type) {
        return MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<ShmipcListener>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, ShmipcListener.class));
    }

    private static Method callableMethod(String beanName, Object bean, Method method) {
        try {
            return AopUtils.selectInvocableMethod(method, bean.getClass());
        } catch (IllegalStateException e) {
            InvalidListenerException invalid = new InvalidListenerException(
                    "The proxy of bean '" + beanName + "' does not let its @ShmipcListener method "
                            + method.getDeclaringClass().getSimpleName() + "." + method.getName() + " be called.",
                    "Make the method public and, if the proxy is made from interfaces, declare it in one of them or "
                            + "set spring.aop.proxy-target-class=true.");
            invalid.initCause(e);
            throw invalid;
        }
    }
}
