package io.shmipc.spring.boot.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.event.ShmipcEvent;
import io.shmipc.spring.session.SessionTotals;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.context.event.EventListener;

/**
 * Meters of session managers: those of their sessions.
 *
 * <p><b>Threads:</b> any.
 */
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

    /** Counts a session from its beginning: it may end before anybody reads a meter. */
    @EventListener
    void onSessionOpened(ShmipcEvent.SessionOpened event) {
        MeterRegistration.Sessions counted = sessions.get(event.name());
        if (counted != null && event.session().isClient()) {
            counted.totals().add(event.session());
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        sessions.forEach((name, counted) -> new MeterRegistration(registry, ROLE, name).registerSessions(counted));
    }
}
