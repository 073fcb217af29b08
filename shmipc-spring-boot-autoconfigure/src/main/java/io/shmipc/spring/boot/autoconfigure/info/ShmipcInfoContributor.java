package io.shmipc.spring.boot.autoconfigure.info;

import io.shmipc.client.SessionManagerConfig;
import io.shmipc.spring.boot.autoconfigure.client.ClientNames;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/** Tells which clients and listeners the application has, and what they are made of; no addresses. */
public final class ShmipcInfoContributor implements InfoContributor {

    private final ListableBeanFactory beanFactory;
    private final ObjectProvider<ShmipcListenerRegistry> registry;

    public ShmipcInfoContributor(ListableBeanFactory beanFactory, ObjectProvider<ShmipcListenerRegistry> registry) {
        this.beanFactory = beanFactory;
        this.registry = registry;
    }

    @Override
    public void contribute(Info.Builder builder) {
        Map<String, Object> clients = new LinkedHashMap<>();
        ClientNames.all(beanFactory).forEach((name, manager) -> clients.put(name, describe(manager.config())));
        Map<String, Object> listeners = new LinkedHashMap<>();
        registry.ifAvailable(present -> present.containers()
                .forEach(container -> listeners.put(
                        container.name(),
                        Map.of("network", lowerCase(container.address().network())))));
        builder.withDetail("shmipc", Map.of("clients", clients, "listeners", listeners));
    }

    private static Map<String, Object> describe(SessionManagerConfig config) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("network", lowerCase(config.address().network()));
        details.put("memoryType", lowerCase(config.config().memoryType()));
        details.put("bufferCapacityBytes", config.config().regionBytes());
        details.put("sessions", config.sessions());
        return details;
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
