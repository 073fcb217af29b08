package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.Monitor;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.spring.boot.autoconfigure.CallbackExecutors;
import io.shmipc.spring.boot.autoconfigure.ShmipcCommonConfiguration;
import io.shmipc.spring.boot.autoconfigure.ShmipcProperties;
import java.util.Objects;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configures a {@link SessionManager} if the application says where its server is, and one for each name below
 * {@code shmipc.clients}.
 */
@AutoConfiguration
@ConditionalOnClass(SessionManager.class)
@ConditionalOnBooleanProperty(name = "shmipc.client.enabled", matchIfMissing = true)
@Import({ShmipcCommonConfiguration.class, NamedClientsRegistrar.class})
public final class ShmipcClientAutoConfiguration {

    private static final String PREFIX = "shmipc.client";

    @Bean
    @ConditionalOnMissingBean(ShmipcConnectionDetails.class)
    @ConditionalOnProperty("shmipc.client.address")
    PropertiesShmipcConnectionDetails shmipcConnectionDetails(ShmipcProperties properties) {
        return new PropertiesShmipcConnectionDetails(
                PREFIX, Objects.requireNonNull(properties.getClient().getAddress()));
    }

    @Bean
    SessionManagerConfigFactory shmipcSessionManagerConfigFactory(
            CallbackExecutors executors,
            ObjectProvider<Monitor> monitor,
            ObjectProvider<SessionManagerConfigCustomizer> customizers) {
        return new SessionManagerConfigFactory(executors, monitor, customizers);
    }

    @Bean
    NamedClients shmipcNamedClients(
            ListableBeanFactory beanFactory, ShmipcProperties properties, SessionManagerConfigFactory configs) {
        return new NamedClients(beanFactory, properties, configs);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(ShmipcConnectionDetails.class)
    SessionManagerConfig shmipcSessionManagerConfig(
            ShmipcProperties properties,
            ShmipcConnectionDetails connectionDetails,
            SessionManagerConfigFactory configs) {
        return configs.make(
                ShmipcConnectionDetails.DEFAULT_CLIENT, PREFIX, properties.getClient(), connectionDetails.getAddress());
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    @ConditionalOnBean(SessionManagerConfig.class)
    SessionManager shmipcSessionManager(SessionManagerConfig config) {
        return SessionManager.open(config);
    }
}
