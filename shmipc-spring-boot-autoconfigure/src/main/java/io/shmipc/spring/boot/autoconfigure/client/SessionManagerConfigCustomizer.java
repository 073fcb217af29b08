package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.ShmipcConfig;
import io.shmipc.client.SessionManagerConfig;

/**
 * Changes the configuration of session managers after the properties were applied; ordered beans come in their order.
 */
@FunctionalInterface
public interface SessionManagerConfigCustomizer {

    /**
     * Changes what it likes.
     *
     * @param manager what the session manager connects to, and with how many sessions; its {@code config} is set from
     *     {@code session} afterwards
     * @param session how each session is made
     */
    void customize(SessionManagerConfig.Builder manager, ShmipcConfig.Builder session);

    /**
     * Returns whether a client is to be customized, by default every one.
     *
     * @param client name below {@code shmipc.clients}, or {@link ShmipcConnectionDetails#DEFAULT_CLIENT}
     */
    default boolean appliesTo(String client) {
        return true;
    }
}
