package io.shmipc.spring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** The properties of shmipc. */
@ConfigurationProperties("shmipc")
public final class ShmipcProperties {

    @NestedConfigurationProperty
    private final ClientProperties client = new ClientProperties();

    /** Further clients by name. Each has the properties of shmipc.client, which are its defaults but for the address. */
    private final Map<String, ClientProperties> clients = new LinkedHashMap<>();

    @NestedConfigurationProperty
    private final ServerProperties server = new ServerProperties();

    /**
     * Further listeners by name. Each has the properties of shmipc.server, which are its defaults but for the address.
     */
    private final Map<String, ServerProperties> listeners = new LinkedHashMap<>();

    private final Metrics metrics = new Metrics();

    private final Readiness readiness = new Readiness();

    public ClientProperties getClient() {
        return client;
    }

    public Map<String, ClientProperties> getClients() {
        return clients;
    }

    public ServerProperties getServer() {
        return server;
    }

    public Map<String, ServerProperties> getListeners() {
        return listeners;
    }

    public Metrics getMetrics() {
        return metrics;
    }

    public Readiness getReadiness() {
        return readiness;
    }

    /** What the application's readiness state follows. */
    public static final class Readiness {

        /** Whether the application refuses traffic while a listener drains, restarts or is stopped. */
        private boolean enabled = true;

        /**
         * Whether it refuses traffic while a client has no healthy session, too. Where servers are shared, all of their
         * clients then refuse at once.
         */
        private boolean includeClients = false;

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        public boolean isIncludeClients() {
            return includeClients;
        }

        public void setIncludeClients(boolean includeClients) {
            this.includeClients = includeClients;
        }
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
