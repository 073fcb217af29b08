package io.shmipc.spring.boot.autoconfigure.event;

import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/** Auto-configures the publication of {@link io.shmipc.spring.event.ShmipcEvent}s. */
@AutoConfiguration(after = {ShmipcClientAutoConfiguration.class, ShmipcServerAutoConfiguration.class})
@ConditionalOnClass(SessionManager.class)
public final class ShmipcEventAutoConfiguration {

    @Bean
    static ClientEvents shmipcClientEvents() {
        return new ClientEvents();
    }

    @Bean
    ListenerEvents shmipcListenerEvents(
            ObjectProvider<ShmipcListenerRegistry> registry, ApplicationEventPublisher publisher) {
        return new ListenerEvents(registry, publisher);
    }
}
