package io.shmipc.spring.boot.autoconfigure.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** All observations of shmipc: name, convention and keys of each. */
public enum ShmipcObservation implements ObservationDocumentation {
    /** A call through a template or a declarative client, from its beginning to its reply or its failure. */
    CALL("Calls, from their beginning to their reply or their failure") {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultShmipcCallObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return CallKey.values();
        }
    },
    /** A message method's work on one message, until the future that it may return is done. */
    HANDLE("Work of message methods on one message each, until the future that they may return is done") {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultShmipcHandleObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return HandleKey.values();
        }
    };

    private final String description;

    ShmipcObservation(String description) {
        this.description = description;
    }

    /** Returns what is observed. */
    public String getDescription() {
        return description;
    }

    /** The keys of a call. */
    public enum CallKey implements KeyName {
        /** Name of the client. */
        CLIENT("client"),
        /** Where the call goes; {@code none} for the method without a route. */
        ROUTE("route");

        private final String key;

        CallKey(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** The keys of a message method. */
    public enum HandleKey implements KeyName {
        /** Name of the listener. */
        LISTENER("listener"),
        /** Which messages the method handles; {@code none} for those without a route. */
        ROUTE("route");

        private final String key;

        HandleKey(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }
}
