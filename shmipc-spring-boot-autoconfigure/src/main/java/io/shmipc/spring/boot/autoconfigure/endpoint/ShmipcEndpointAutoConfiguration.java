package io.shmipc.spring.boot.autoconfigure.endpoint;

import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Auto-configures the {@link ShmipcEndpoint} where it is exposed. */
@AutoConfiguration(after = {ShmipcClientAutoConfiguration.class, ShmipcServerAutoConfiguration.class})
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(ShmipcEndpoint.class)
@EnableConfigurationProperties(ShmipcEndpointProperties.class)
public final class ShmipcEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ShmipcEndpoint shmipcEndpoint(
            ListableBeanFactory beanFactory,
            ObjectProvider<ShmipcListenerRegistry> registry,
            ObjectProvider<SanitizingFunction> sanitizingFunctions,
            ShmipcEndpointProperties properties) {
        return new ShmipcEndpoint(
                beanFactory, registry, sanitizingFunctions.orderedStream().toList(), properties.getShowValues());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(ShmipcEndpoint.class)
    @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
    ShmipcEndpointWebExtension shmipcEndpointWebExtension(
            ShmipcEndpoint endpoint, ShmipcEndpointProperties properties) {
        return new ShmipcEndpointWebExtension(endpoint, properties.getRoles());
    }
}
