package io.shmipc.spring.boot.autoconfigure.server;

import io.shmipc.InvalidConfigException;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
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

    /** Nobody asked for that much if the shutdown allows for less. */
    private static final Duration DEFAULT = new ServerProperties().getGracePeriod();

    private final ShmipcProperties properties;
    private final Duration longest;

    GracePeriods(ShmipcProperties properties, Environment environment) {
        this.properties = properties;
        this.longest =
                Binder.get(environment).bind(PHASE_TIMEOUT, Duration.class).orElse(DEFAULT_PHASE_TIMEOUT);
    }

    void apply(ListenerContainer container) {
        Duration wanted = wanted(container.name());
        boolean cut = wanted.compareTo(longest) > 0;
        if (cut && !wanted.equals(DEFAULT)) {
            LOG.warn(
                    "Listener '{}' has a grace period of {} instead of {}: {} ends the phase",
                    container.name(),
                    longest,
                    wanted,
                    PHASE_TIMEOUT);
        }
        container.setGracePeriod(cut ? longest : wanted);
    }

    private Duration wanted(String listener) {
        ServerProperties named = properties.getListeners().get(listener);
        Duration wanted = (named == null ? properties.getServer() : named).getGracePeriod();
        if (wanted.isNegative()) {
            InvalidShmipcPropertyException.translate(
                    named == null ? "shmipc.server" : "shmipc.listeners." + listener, () -> {
                        throw new InvalidConfigException(
                                "gracePeriod",
                                wanted.toString(),
                                "be 0 or longer",
                                "Set it to 0 to stop without waiting for calls that are under way");
                    });
        }
        return wanted;
    }
}
