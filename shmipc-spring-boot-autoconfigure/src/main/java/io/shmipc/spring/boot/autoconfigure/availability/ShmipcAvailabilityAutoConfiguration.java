package io.shmipc.spring.boot.autoconfigure.availability;

import io.shmipc.spring.boot.autoconfigure.ShmipcCommonConfiguration;
import io.shmipc.spring.boot.autoconfigure.ShmipcProperties;
import io.shmipc.spring.boot.autoconfigure.event.ShmipcEventAutoConfiguration;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Auto-configures the readiness state that follows the listeners. */
@AutoConfiguration(after = ShmipcEventAutoConfiguration.class)
@ConditionalOnClass(ShmipcListenerRegistry.class)
@ConditionalOnBooleanProperty(name = "shmipc.readiness.enabled", matchIfMissing = true)
@Import(ShmipcCommonConfiguration.class)
public final class ShmipcAvailabilityAutoConfiguration {

    @Bean
    ReadinessFollower shmipcReadinessFollower(
            ShmipcProperties properties,
            ObjectProvider<ShmipcListenerRegistry> registry,
            ConfigurableListableBeanFactory beanFactory,
            ApplicationEventPublisher publisher) {
        return new ReadinessFollower(
                registry, beanFactory, publisher, properties.getReadiness().isIncludeClients());
    }
}
