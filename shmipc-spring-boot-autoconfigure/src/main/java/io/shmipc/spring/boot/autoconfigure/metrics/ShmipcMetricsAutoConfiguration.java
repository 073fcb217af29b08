package io.shmipc.spring.boot.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import io.shmipc.spring.boot.autoconfigure.ShmipcCommonConfiguration;
import io.shmipc.spring.boot.autoconfigure.ShmipcProperties;
import io.shmipc.spring.boot.autoconfigure.client.ClientNames;
import io.shmipc.spring.boot.autoconfigure.client.ConditionalOnSessionManager;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import io.shmipc.spring.listener.ListenerDefinition;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Auto-configures the meters of session managers and listeners. */
@AutoConfiguration(
        after = {ShmipcClientAutoConfiguration.class, ShmipcServerAutoConfiguration.class},
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "shmipc.metrics.enabled", matchIfMissing = true)
@Import(ShmipcCommonConfiguration.class)
public final class ShmipcMetricsAutoConfiguration {

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    TimerPercentiles shmipcTimerPercentiles(ShmipcProperties properties) {
        return InvalidShmipcPropertyException.translate(
                "shmipc.metrics",
                () -> new TimerPercentiles(properties.getMetrics().getPercentiles()));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnSessionManager
    SessionManagerMetrics shmipcSessionManagerMetrics(ListableBeanFactory beanFactory) {
        return new SessionManagerMetrics(ClientNames.all(beanFactory));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean({ShmipcListenerRegistry.class, ListenerDefinition.class})
    ListenerMetrics shmipcListenerMetrics(ShmipcListenerRegistry listeners) {
        return new ListenerMetrics(listeners);
    }
}
