package io.shmipc.spring.boot.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** The properties of shmipc. */
@ConfigurationProperties("shmipc")
public final class ShmipcProperties {

    @NestedConfigurationProperty
    private final ClientProperties client = new ClientProperties();

    @NestedConfigurationProperty
    private final ServerProperties server = new ServerProperties();

    private final Metrics metrics = new Metrics();

    public ClientProperties getClient() {
        return client;
    }

    public ServerProperties getServer() {
        return server;
    }

    public Metrics getMetrics() {
        return metrics;
    }

    /** What is measured. */
    public static final class Metrics {

        /** Whether to register the meters of sessions and listeners. */
        private boolean enabled = true;

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }
}
