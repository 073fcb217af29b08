package io.shmipc.spring.boot.autoconfigure.server;

import io.shmipc.Monitor;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.CallbackExecutors;
import io.shmipc.spring.boot.autoconfigure.ShmipcCommonConfiguration;
import io.shmipc.spring.boot.autoconfigure.ShmipcProperties;
import io.shmipc.spring.listener.ListenerDefinition;
import io.shmipc.spring.listener.ListenerMethodProcessor;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configures what {@link ShmipcListener} methods need: a listener on {@code shmipc.server.address}, and its
 * registry.
 */
@AutoConfiguration
@ConditionalOnClass(Listener.class)
@ConditionalOnBooleanProperty(name = "shmipc.server.enabled", matchIfMissing = true)
@Import(ShmipcCommonConfiguration.class)
public final class ShmipcServerAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty("shmipc.server.address")
    ListenerConfig shmipcListenerConfig(
            ShmipcProperties properties,
            CallbackExecutors executors,
            ObjectProvider<Monitor> monitor,
            ObjectProvider<ListenerConfigCustomizer> customizers) {
        String address = Objects.requireNonNull(properties.getServer().getAddress());
        return new ListenerConfigMapper(properties.getServer(), executors, monitor.getIfUnique())
                .map(address, customizers.orderedStream());
    }

    @Bean
    @ConditionalOnMissingBean(name = "shmipcListenerDefinition")
    @ConditionalOnBean(ListenerConfig.class)
    ListenerDefinition shmipcListenerDefinition(ListenerConfig config) {
        return new ListenerDefinition(ShmipcListener.DEFAULT_LISTENER, config);
    }

    @Bean
    @ConditionalOnMissingBean
    ShmipcListenerRegistry shmipcListenerRegistry(ObjectProvider<ListenerDefinition> definitions) {
        return new ShmipcListenerRegistry(definitions.orderedStream().toList());
    }

    @Bean
    @ConditionalOnMissingBean
    ListenerMethodProcessor shmipcListenerMethodProcessor(
            ConfigurableListableBeanFactory beanFactory, ShmipcListenerRegistry registry) {
        return new ListenerMethodProcessor(beanFactory, registry);
    }
}
