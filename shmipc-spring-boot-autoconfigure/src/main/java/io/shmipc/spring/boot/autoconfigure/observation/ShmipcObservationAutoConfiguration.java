package io.shmipc.spring.boot.autoconfigure.observation;

import io.micrometer.observation.ObservationRegistry;
import io.shmipc.spring.client.CallObserver;
import io.shmipc.spring.listener.MessageHandlerInterceptor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Auto-configures the observation of calls and message methods. */
@AutoConfiguration(
        afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "shmipc.observation.enabled", matchIfMissing = true)
public final class ShmipcObservationAutoConfiguration {

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    CallObserver shmipcObservedCalls(
            ObservationRegistry registry, ObjectProvider<ShmipcCallObservationConvention> convention) {
        return new ObservedCalls(registry, convention.getIfAvailable());
    }

    /** The outermost: other interceptors run within the observation. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    MessageHandlerInterceptor shmipcObservedHandlers(
            ObservationRegistry registry, ObjectProvider<ShmipcHandleObservationConvention> convention) {
        return new ObservedHandlers(registry, convention.getIfAvailable());
    }
}
