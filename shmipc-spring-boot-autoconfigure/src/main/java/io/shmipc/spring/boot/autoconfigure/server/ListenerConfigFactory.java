package io.shmipc.spring.boot.autoconfigure.server;

import io.shmipc.InvalidConfigException;
import io.shmipc.Monitor;
import io.shmipc.server.ListenerConfig;
import io.shmipc.spring.boot.autoconfigure.CallbackExecutors;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import io.shmipc.spring.boot.autoconfigure.ServerProperties;
import io.shmipc.spring.boot.autoconfigure.ShmipcProperties;
import io.shmipc.spring.listener.ListenerDefinition;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;

/** Makes the configuration of one listener after the other; the registrar's beans call it. */
final class ListenerConfigFactory {

    private final ShmipcProperties properties;
    private final CallbackExecutors executors;
    private final ObjectProvider<Monitor> monitor;
    private final ObjectProvider<ListenerConfigCustomizer> customizers;

    ListenerConfigFactory(
            ShmipcProperties properties,
            CallbackExecutors executors,
            ObjectProvider<Monitor> monitor,
            ObjectProvider<ListenerConfigCustomizer> customizers) {
        this.properties = properties;
        this.executors = executors;
        this.monitor = monitor;
        this.customizers = customizers;
    }

    /** Makes the listener of that name below {@code shmipc.listeners}. */
    ListenerDefinition define(String name) {
        String prefix = "shmipc.listeners." + name;
        ServerProperties listener =
                Objects.requireNonNull(properties.getListeners().get(name), prefix);
        return new ListenerDefinition(name, make(name, prefix, listener));
    }

    /**
     * @param listener the listener's name, for customizers
     * @param prefix what the names of its properties begin with, for messages
     */
    ListenerConfig make(String listener, String prefix, ServerProperties settings) {
        String address = settings.getAddress();
        if (address == null) {
            return InvalidShmipcPropertyException.translate(prefix, () -> {
                throw new InvalidConfigException("address", "not set", "say where to listen", "Set it");
            });
        }
        return new ListenerConfigMapper(prefix, settings, executors, monitor.getIfUnique())
                .map(address, customizers.orderedStream().filter(customizer -> customizer.appliesTo(listener)));
    }
}
