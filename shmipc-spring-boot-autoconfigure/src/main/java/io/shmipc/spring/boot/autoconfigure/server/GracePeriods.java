package io.shmipc.spring.boot.autoconfigure.server;

import io.shmipc.spring.boot.autoconfigure.ServerProperties;
import io.shmipc.spring.boot.autoconfigure.ShmipcProperties;
import io.shmipc.spring.listener.ListenerContainer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Gives each listener its grace period, cut to what the application's shutdown allows for. */
final class GracePeriods {

    private static final Logger LOG = LoggerFactory.getLogger(GracePeriods.class);
    private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";
    private static final Duration DEFAULT_PHASE_TIMEOUT = Duration.ofSeconds(30);

    private final ShmipcProperties properties;
    private final Duration longest;

    GracePeriods(ShmipcProperties properties, Environment environment) {
        this.properties = properties;
        this.longest =
                Binder.get(environment).bind(PHASE_TIMEOUT, Duration.class).orElse(DEFAULT_PHASE_TIMEOUT);
    }

    void apply(ListenerContainer container) {
        ServerProperties settings = properties.getListeners().getOrDefault(container.name(), properties.getServer());
        Duration wanted = settings.getGracePeriod();
        if (wanted.compareTo(longest) > 0) {
            LOG.debug(
                    "Listener '{}' has a grace period of {}: {} ends the phase",
                    container.name(),
                    longest,
                    PHASE_TIMEOUT);
        }
        container.setGracePeriod(wanted.compareTo(longest) < 0 ? wanted : longest);
    }
}
