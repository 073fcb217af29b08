package io.shmipc.spring.boot.autoconfigure.info;

import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configures the {@link ShmipcInfoContributor}. */
@AutoConfiguration(after = {ShmipcClientAutoConfiguration.class, ShmipcServerAutoConfiguration.class})
@ConditionalOnClass(ConditionalOnEnabledInfoContributor.class)
@ConditionalOnEnabledInfoContributor("shmipc")
public final class ShmipcInfoContributorAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ShmipcInfoContributor shmipcInfoContributor(
            ListableBeanFactory beanFactory, ObjectProvider<ShmipcListenerRegistry> registry) {
        return new ShmipcInfoContributor(beanFactory, registry);
    }
}
