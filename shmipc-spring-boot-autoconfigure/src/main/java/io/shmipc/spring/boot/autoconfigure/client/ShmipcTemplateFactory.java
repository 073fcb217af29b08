package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import io.shmipc.spring.boot.autoconfigure.message.ShmipcMessageProperties;
import io.shmipc.spring.client.CallObserver;
import io.shmipc.spring.client.RetryPolicy;
import io.shmipc.spring.client.ShmipcTemplate;
import io.shmipc.spring.client.ShmipcTemplateCustomizer;
import io.shmipc.spring.message.MessageConversion;
import io.shmipc.spring.message.StreamCodec;
import org.springframework.beans.factory.ObjectProvider;

/** Makes templates from properties and customizers. */
final class ShmipcTemplateFactory {

    private static final String PREFIX = "shmipc.messages";

    private final ShmipcMessageProperties properties;
    private final MessageConversion conversion;
    private final StreamCodec codec;
    private final ObjectProvider<CallObserver> observers;
    private final ObjectProvider<ShmipcTemplateCustomizer> customizers;

    ShmipcTemplateFactory(
            ShmipcMessageProperties properties,
            MessageConversion conversion,
            StreamCodec codec,
            ObjectProvider<CallObserver> observers,
            ObjectProvider<ShmipcTemplateCustomizer> customizers) {
        this.properties = properties;
        this.conversion = conversion;
        this.codec = codec;
        this.observers = observers;
        this.customizers = customizers;
    }

    /** Makes the template of a client. */
    ShmipcTemplate create(String name, SessionManager sessions) {
        RetryPolicy retry = InvalidShmipcPropertyException.translate(PREFIX + ".retry", this::retry);
        return InvalidShmipcPropertyException.translate(PREFIX, () -> {
            ShmipcTemplate.Builder template = ShmipcTemplate.builder(sessions)
                    .name(name)
                    .conversion(conversion)
                    .codec(codec)
                    .timeout(properties.getCallTimeout())
                    .retry(retry);
            observers.orderedStream().forEach(template::observer);
            customizers.orderedStream().forEach(customizer -> customizer.customize(name, template));
            return template.build();
        });
    }

    private RetryPolicy retry() {
        ShmipcMessageProperties.Retry retry = properties.getRetry();
        return new RetryPolicy(retry.getMaxRetries(), retry.getDelay(), retry.getMaxDelay());
    }
}
