package io.shmipc.spring.boot.autoconfigure;

import io.shmipc.InvalidConfigException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Fills in what a named client or listener leaves out: its properties begin as those of {@code shmipc.client} or
 * {@code shmipc.server}, all but the address.
 */
public final class NamedDefaults implements ConfigurationPropertiesBindHandlerAdvisor {

    private static final ConfigurationPropertyName CLIENTS = ConfigurationPropertyName.of("shmipc.clients");
    private static final ConfigurationPropertyName LISTENERS = ConfigurationPropertyName.of("shmipc.listeners");
    private static final String RESERVED_NAME = "shmipc";

    private final Environment environment;

    public NamedDefaults(Environment environment) {
        this.environment = environment;
    }

    /** Returns the named clients, switched off or not, by name. */
    public static Map<String, ClientProperties> clients(Environment environment) {
        return bind(environment, CLIENTS, ClientProperties.class);
    }

    /** Returns the named listeners, switched off or not, by name. */
    public static Map<String, ServerProperties> listeners(Environment environment) {
        return bind(environment, LISTENERS, ServerProperties.class);
    }

    /**
     * Refuses the name that beans of the client or listener without a name begin with: one would take the other's place.
     *
     * @param prefix below which the name is
     * @param unnamed what the properties of the client or listener without a name begin with
     * @throws InvalidShmipcPropertyException if the name is that
     */
    public static void requireNotReserved(String name, String prefix, String unnamed) {
        if (name.equals(RESERVED_NAME)) {
            InvalidShmipcPropertyException.translate(prefix, () -> {
                throw new InvalidConfigException(
                        name,
                        "named '" + name + "'",
                        "have another name, this one is reserved",
                        "Rename it, or set " + unnamed + " instead");
            });
        }
    }

    private static <T> Map<String, T> bind(Environment environment, ConfigurationPropertyName prefix, Class<T> type) {
        return new TreeMap<>(Binder.get(environment)
                .bind(
                        prefix,
                        Bindable.mapOf(String.class, type),
                        new NamedDefaults(environment).apply(BindHandler.DEFAULT))
                .orElseGet(Map::of));
    }

    @Override
    public BindHandler apply(BindHandler handler) {
        return new AbstractBindHandler(handler) {
            @Override
            public <T> @Nullable Bindable<T> onStart(
                    ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
                Bindable<T> bound = super.onStart(name, target, context);
                return bound == null ? null : withDefaults(name, bound);
            }
        };
    }

    @SuppressWarnings("unchecked") // the target's type was compared
    private <T> Bindable<T> withDefaults(ConfigurationPropertyName name, Bindable<T> target) {
        Class<?> type = target.getType().resolve();
        if (type == ClientProperties.class && CLIENTS.isParentOf(name)) {
            return target.withSuppliedValue(() -> (T) clientDefaults());
        }
        if (type == ServerProperties.class && LISTENERS.isParentOf(name)) {
            return target.withSuppliedValue(() -> (T) listenerDefaults());
        }
        return target;
    }

    private ClientProperties clientDefaults() {
        ClientProperties defaults = Binder.get(environment).bindOrCreate("shmipc.client", ClientProperties.class);
        defaults.setAddress(null);
        defaults.setEnabled(true);
        return defaults;
    }

    private ServerProperties listenerDefaults() {
        ServerProperties defaults = Binder.get(environment).bindOrCreate("shmipc.server", ServerProperties.class);
        defaults.setAddress(null);
        defaults.setEnabled(true);
        return defaults;
    }
}
