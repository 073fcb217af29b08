package io.shmipc.spring.boot.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Meters of listeners: their sessions, and the errors of the methods that serve them. */
public final class ListenerMetrics implements MeterBinder {

    private static final String ROLE = "server";

    private final Map<ListenerContainer, MeterRegistration.Sessions> sessions = new LinkedHashMap<>();

    public ListenerMetrics(ShmipcListenerRegistry listeners) {
        for (ListenerContainer container : listeners.containers()) {
            sessions.put(container, new MeterRegistration.Sessions(container::sessions, container.totals()));
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        sessions.forEach((container, counted) -> {
            MeterRegistration registration = new MeterRegistration(registry, ROLE, container.name());
            registration.registerSessions(counted);
            registration.register(ShmipcMeters.HANDLER_ERRORS, container, ListenerContainer::handlerErrors);
            Timer callbacks = registration.timer(ShmipcMeters.CALLBACKS);
            container.activeCalls().recordTo(nanos -> callbacks.record(nanos, TimeUnit.NANOSECONDS));
        });
    }
}
