package io.shmipc.spring.boot.autoconfigure.server;

import io.shmipc.ShmipcConfig;
import io.shmipc.server.ListenerConfig;

/** Changes the configuration of the listener after the properties were applied; ordered beans come in their order. */
@FunctionalInterface
public interface ListenerConfigCustomizer {

    /**
     * Changes what it likes.
     *
     * @param listener what the listener accepts; its {@code config} is set from {@code session} afterwards
     * @param session how each session is made
     */
    void customize(ListenerConfig.Builder listener, ShmipcConfig.Builder session);
}
