package io.shmipc.spring.boot.autoconfigure.client;

import io.shmipc.Monitor;
import io.shmipc.ShmipcAddress;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.spring.boot.autoconfigure.CallbackExecutors;
import io.shmipc.spring.boot.autoconfigure.ClientProperties;
import org.springframework.beans.factory.ObjectProvider;

/** Makes the configuration of one client after the other. */
final class SessionManagerConfigFactory {

    private final CallbackExecutors executors;
    private final ObjectProvider<Monitor> monitor;
    private final ObjectProvider<SessionManagerConfigCustomizer> customizers;

    SessionManagerConfigFactory(
            CallbackExecutors executors,
            ObjectProvider<Monitor> monitor,
            ObjectProvider<SessionManagerConfigCustomizer> customizers) {
        this.executors = executors;
        this.monitor = monitor;
        this.customizers = customizers;
    }

    /**
     * @param client the client's name, for customizers
     * @param prefix what the names of its properties begin with, for messages
     */
    SessionManagerConfig make(String client, String prefix, ClientProperties properties, ShmipcAddress address) {
        return new SessionManagerConfigMapper(prefix, properties, executors, monitor.getIfUnique())
                .map(address, customizers.orderedStream().filter(customizer -> customizer.appliesTo(client)));
    }
}
