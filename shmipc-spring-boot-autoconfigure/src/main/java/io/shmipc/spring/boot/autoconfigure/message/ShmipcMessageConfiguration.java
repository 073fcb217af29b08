package io.shmipc.spring.boot.autoconfigure.message;

import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import io.shmipc.spring.message.EnvelopeCodec;
import io.shmipc.spring.message.MessageConversion;
import io.shmipc.spring.message.StreamCodec;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import tools.jackson.databind.json.JsonMapper;

/** How messages are framed and converted: what the auto-configurations of listeners and of templates both import. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ShmipcMessageProperties.class)
public final class ShmipcMessageConfiguration {

    @Bean
    @ConditionalOnMissingBean
    StreamCodec shmipcStreamCodec(ShmipcMessageProperties properties) {
        return InvalidShmipcPropertyException.translate(
                "shmipc.messages",
                () -> new EnvelopeCodec(properties.getMaxSize().toBytes()));
    }

    @Bean
    @ConditionalOnMissingBean
    MessageConversion shmipcMessageConversion(ObjectProvider<MessageConvertersCustomizer> customizers) {
        List<MessageConverter> converters = new ArrayList<>();
        customizers.orderedStream().forEach(customizer -> customizer.customize(converters));
        return new MessageConversion(converters);
    }

    /** Reads and writes objects as JSON, with the application's mapper if it has one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JsonMapper.class)
    static final class JacksonConfiguration {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        MessageConvertersCustomizer shmipcJacksonConverterCustomizer(ObjectProvider<JsonMapper> mapper) {
            return converters ->
                    converters.add(new JacksonJsonMessageConverter(mapper.getIfAvailable(() -> new JsonMapper())));
        }
    }
}
