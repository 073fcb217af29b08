package io.shmipc.spring.boot.autoconfigure.server;

import io.shmipc.Monitor;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.CallbackExecutors;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import io.shmipc.spring.boot.autoconfigure.ShmipcCommonConfiguration;
import io.shmipc.spring.boot.autoconfigure.ShmipcProperties;
import io.shmipc.spring.boot.autoconfigure.message.ShmipcMessageConfiguration;
import io.shmipc.spring.boot.autoconfigure.message.ShmipcMessageProperties;
import io.shmipc.spring.listener.ListenerDefinition;
import io.shmipc.spring.listener.ListenerMethodProcessor;
import io.shmipc.spring.listener.MessageHandlerInterceptor;
import io.shmipc.spring.listener.MessageMethodFactory;
import io.shmipc.spring.listener.MessageSettings;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import io.shmipc.spring.message.MessageConversion;
import io.shmipc.spring.message.StreamCodec;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.BeanFactory;
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
import org.springframework.core.env.Environment;
import org.springframework.validation.Validator;

/**
 * Auto-configures what {@link ShmipcListener} methods need: a listener on {@code shmipc.server.address}, one for each
 * name below {@code shmipc.listeners}, and their registry.
 */
@AutoConfiguration
@ConditionalOnClass(Listener.class)
@ConditionalOnBooleanProperty(name = "shmipc.server.enabled", matchIfMissing = true)
@Import({ShmipcCommonConfiguration.class, ShmipcMessageConfiguration.class, NamedListenersRegistrar.class})
public final class ShmipcServerAutoConfiguration {

    @Bean
    ListenerConfigFactory shmipcListenerConfigFactory(
            ShmipcProperties properties,
            CallbackExecutors executors,
            ObjectProvider<Monitor> monitor,
            ObjectProvider<ListenerConfigCustomizer> customizers) {
        return new ListenerConfigFactory(properties, executors, monitor, customizers);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty("shmipc.server.address")
    ListenerConfig shmipcListenerConfig(ShmipcProperties properties, ListenerConfigFactory configs) {
        return configs.make(ShmipcListener.DEFAULT_LISTENER, "shmipc.server", properties.getServer());
    }

    @Bean
    @ConditionalOnMissingBean(name = "shmipcListenerDefinition")
    @ConditionalOnBean(ListenerConfig.class)
    ListenerDefinition shmipcListenerDefinition(ListenerConfig config) {
        return new ListenerDefinition(ShmipcListener.DEFAULT_LISTENER, config);
    }

    @Bean
    @ConditionalOnMissingBean
    MessageMethodFactory shmipcMessageMethodFactory(
            BeanFactory beanFactory,
            ShmipcMessageProperties properties,
            MessageConversion conversion,
            StreamCodec codec,
            ObjectProvider<Validator> validator,
            ObjectProvider<MessageHandlerInterceptor> interceptors) {
        return InvalidShmipcPropertyException.translate(
                "shmipc.messages",
                () -> new MessageMethodFactory(
                        beanFactory,
                        new MessageSettings(
                                conversion,
                                codec,
                                validator.getIfUnique(),
                                properties.getConcurrency(),
                                interceptors.orderedStream().toList())));
    }

    @Bean
    @ConditionalOnMissingBean
    ShmipcListenerRegistry shmipcListenerRegistry(
            ObjectProvider<ListenerDefinition> definitions,
            MessageMethodFactory messageMethods,
            ShmipcProperties properties,
            Environment environment) {
        ShmipcListenerRegistry registry = new ShmipcListenerRegistry(
                definitions.orderedStream().toList(), messageMethods, switchedOff(properties));
        GracePeriods gracePeriods = new GracePeriods(properties, environment);
        registry.containers().forEach(gracePeriods::apply);
        return registry;
    }

    @Bean
    @ConditionalOnMissingBean
    ListenerMethodProcessor shmipcListenerMethodProcessor(
            ConfigurableListableBeanFactory beanFactory, ShmipcListenerRegistry registry) {
        return new ListenerMethodProcessor(beanFactory, registry);
    }

    private static Set<String> switchedOff(ShmipcProperties properties) {
        return properties.getListeners().entrySet().stream()
                .filter(listener -> !listener.getValue().isEnabled())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
