package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.message.ShmipcMessageConfiguration;
import io.shmipc.spring.boot.autoconfigure.message.ShmipcMessageProperties;
import io.shmipc.spring.client.CallObserver;
import io.shmipc.spring.client.ShmipcTemplate;
import io.shmipc.spring.client.ShmipcTemplateCustomizer;
import io.shmipc.spring.message.MessageConversion;
import io.shmipc.spring.message.StreamCodec;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Auto-configures a {@link ShmipcTemplate} for each {@link SessionManager} bean, the application's own included. */
@AutoConfiguration(after = ShmipcClientAutoConfiguration.class)
@ConditionalOnClass(SessionManager.class)
@ConditionalOnSessionManager
@Import(ShmipcMessageConfiguration.class)
public final class ShmipcTemplateAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ShmipcTemplateFactory shmipcTemplateFactory(
            ShmipcMessageProperties properties,
            MessageConversion conversion,
            StreamCodec codec,
            ObjectProvider<CallObserver> observers,
            ObjectProvider<ShmipcTemplateCustomizer> customizers) {
        return new ShmipcTemplateFactory(properties, conversion, codec, observers, customizers);
    }

    @Bean
    static ShmipcTemplateRegistrar shmipcTemplateRegistrar() {
        return new ShmipcTemplateRegistrar();
    }
}
