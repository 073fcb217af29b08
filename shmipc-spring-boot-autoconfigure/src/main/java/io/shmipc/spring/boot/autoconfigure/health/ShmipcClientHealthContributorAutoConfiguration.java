package io.shmipc.spring.boot.autoconfigure.health;

import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.client.ClientNames;
import io.shmipc.spring.boot.autoconfigure.client.ConditionalOnSessionManager;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/** Auto-configures the health of session managers. */
@AutoConfiguration(after = ShmipcClientAutoConfiguration.class)
@ConditionalOnClass({SessionManager.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnSessionManager
@ConditionalOnEnabledHealthIndicator("shmipc")
public final class ShmipcClientHealthContributorAutoConfiguration
        extends CompositeHealthContributorConfiguration<SessionManagerHealthIndicator, SessionManager> {

    ShmipcClientHealthContributorAutoConfiguration() {
        super(SessionManagerHealthIndicator::new);
    }

    @Bean
    @ConditionalOnMissingBean(name = {"shmipcClientHealthIndicator", "shmipcClientHealthContributor"})
    HealthContributor shmipcClientHealthContributor(ConfigurableListableBeanFactory beanFactory) {
        return createContributor(ClientNames.all(beanFactory));
    }
}
