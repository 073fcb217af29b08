package io.shmipc.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** The properties of shmipc. */
@ConfigurationProperties("shmipc")
public final class ShmipcProperties {

    @NestedConfigurationProperty
    private final ClientProperties client = new ClientProperties();

    /**
     * Further clients by name. Each has the properties of shmipc.client, which are its defaults but for the address.
     */
    private final Map<String, ClientProperties> clients = new LinkedHashMap<>();

    @NestedConfigurationProperty
    private final ServerProperties server = new ServerProperties();

    /**
     * Further listeners by name. Each has the properties of shmipc.server, which are its defaults but for the address.
     */
    private final Map<String, ServerProperties> listeners = new LinkedHashMap<>();

    private final Metrics metrics = new Metrics();

    private final Observation observation = new Observation();

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

    public Observation getObservation() {
        return observation;
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

    /** What is observed. */
    public static final class Observation {

        /** Whether to observe calls and message methods, for timers and traces. */
        private boolean enabled = true;

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }

    /** What is measured. */
    public static final class Metrics {

        /** Whether to register the meters of sessions and listeners. */
        private boolean enabled = true;

        /** Percentiles that the timers of calls and handlers tell. By default 0.5, 0.95 and 0.99; none if empty. */
        private List<Double> percentiles = new ArrayList<>(List.of(0.5, 0.95, 0.99));

        public List<Double> getPercentiles() {
            return percentiles;
        }

        public void setPercentiles(List<Double> percentiles) {
            this.percentiles = percentiles;
        }

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }
    }
}
