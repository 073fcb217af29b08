package io.shmipc.spring.listener;

import io.shmipc.spring.annotation.InvalidDeclarationException;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.annotation.ShmipcStreamClosed;
import io.shmipc.spring.annotation.ShmipcStreamOpened;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
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

    private static final List<Class<? extends Annotation>> ANNOTATIONS =
            List.of(ShmipcListener.class, ShmipcStreamOpened.class, ShmipcStreamClosed.class);

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
            if (type != null && AnnotationUtils.isCandidateClass(type, ANNOTATIONS)) {
                methods(type, ShmipcListener.class).forEach((method, found) -> register(beanName, method, found));
                methods(type, ShmipcStreamOpened.class)
                        .forEach((method, found) ->
                                registry.registerOpened(companion(beanName, method, found.listener())));
                methods(type, ShmipcStreamClosed.class)
                        .forEach((method, found) ->
                                registry.registerClosed(companion(beanName, method, found.listener())));
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

    private ListenerEndpoint companion(String beanName, Method method, String listener) {
        Object bean = beanFactory.getBean(beanName);
        return new ListenerEndpoint(
                beanName + "." + method.getName(),
                resolve(listener),
                beanName,
                bean,
                callableMethod(beanName, bean, method),
                ListenerAttributes.DEFAULTS);
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

    private static <A extends Annotation> Map<Method, A> methods(Class<?> type, Class<A> annotation) {
        return MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<A>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, annotation));
    }

    private static Method callableMethod(String beanName, Object bean, Method method) {
        try {
            return AopUtils.selectInvocableMethod(method, bean.getClass());
        } catch (IllegalStateException e) {
            throw new InvalidDeclarationException(
                    "The proxy of bean '" + beanName + "' does not let its annotated method "
                            + method.getDeclaringClass().getSimpleName() + "." + method.getName() + " be called.",
                    "Make the method public and, if the proxy is made from interfaces, declare it in one of them or "
                            + "set spring.aop.proxy-target-class=true.",
                    e);
        }
    }
}
