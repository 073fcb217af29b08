package io.shmipc.spring.boot.autoconfigure.server;

import io.shmipc.ShmipcConfig;
import io.shmipc.server.ListenerConfig;

/** Changes the configuration of listeners after the properties were applied; ordered beans come in their order. */
@FunctionalInterface
public interface ListenerConfigCustomizer {

    /**
     * Changes what it likes.
     *
     * @param listener what the listener accepts; its {@code config} is set from {@code session} afterwards
     * @param session how each session is made
     */
    void customize(ListenerConfig.Builder listener, ShmipcConfig.Builder session);

    /**
     * Returns whether a listener is to be customized, by default every one.
     *
     * @param listener name below {@code shmipc.listeners}, or {@code server} for the one of {@code shmipc.server}
     */
    default boolean appliesTo(String listener) {
        return true;
    }
}
