package io.shmipc.spring.boot.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.session.SessionTotals;
import java.util.LinkedHashMap;
import java.util.Map;

/** Meters of session managers: those of their sessions. */
public final class SessionManagerMetrics implements MeterBinder {

    private static final String ROLE = "client";

    private final Map<String, MeterRegistration.Sessions> sessions = new LinkedHashMap<>();

    /**
     * @param managers session managers by name
     */
    public SessionManagerMetrics(Map<String, SessionManager> managers) {
        managers.forEach((name, manager) ->
                sessions.put(name, new MeterRegistration.Sessions(manager::sessions, new SessionTotals())));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        sessions.forEach((name, counted) -> new MeterRegistration(registry, ROLE, name).registerSessions(counted));
    }
}
