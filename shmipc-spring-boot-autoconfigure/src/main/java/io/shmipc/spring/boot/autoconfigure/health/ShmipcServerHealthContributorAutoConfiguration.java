package io.shmipc.spring.boot.autoconfigure.health;

import io.shmipc.server.Listener;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import io.shmipc.spring.listener.ListenerDefinition;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/** Auto-configures the health of listeners. */
@AutoConfiguration(after = ShmipcServerAutoConfiguration.class)
@ConditionalOnClass({Listener.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean({ShmipcListenerRegistry.class, ListenerDefinition.class})
@ConditionalOnEnabledHealthIndicator("shmipc")
public final class ShmipcServerHealthContributorAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = {"shmipcServerHealthIndicator", "shmipcServerHealthContributor"})
    HealthContributor shmipcServerHealthContributor(ShmipcListenerRegistry registry) {
        return new ListenerHealthIndicator(registry);
    }
}
