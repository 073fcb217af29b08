package io.shmipc.spring.boot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What client and server auto-configuration both import. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ShmipcProperties.class)
public final class ShmipcCommonConfiguration {

    @Bean
    static NamedDefaults shmipcNamedDefaults(Environment environment) {
        return new NamedDefaults(environment);
    }

    @Bean
    @ConditionalOnMissingBean
    CallbackExecutors shmipcCallbackExecutors(Environment environment) {
        return new CallbackExecutors(Threading.VIRTUAL.isActive(environment));
    }
}
