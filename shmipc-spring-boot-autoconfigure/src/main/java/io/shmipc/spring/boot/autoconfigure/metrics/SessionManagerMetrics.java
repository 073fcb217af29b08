package io.shmipc.spring.boot.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.shmipc.Session;
import io.shmipc.ShareMemoryMetrics;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.session.SessionTotals;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Meters of session managers: their sessions, and the memory that they share with their servers. */
public final class SessionManagerMetrics implements MeterBinder {

    private static final String ROLE = "client";

    private final Map<String, Source> sources = new LinkedHashMap<>();

    /**
     * @param managers session managers by name
     */
    public SessionManagerMetrics(Map<String, SessionManager> managers) {
        managers.forEach((name, manager) -> sources.put(name, new Source(manager)));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        sources.forEach((name, source) -> {
            MeterRegistration registration = new MeterRegistration(registry, ROLE, name);
            registration.registerSessions(source.sessions());
            registration.register(
                    ShmipcMeters.MEMORY_CAPACITY,
                    source.manager(),
                    manager -> memory(manager, ShareMemoryMetrics::capacityOfShareMemoryInBytes));
            registration.register(
                    ShmipcMeters.MEMORY_USED,
                    source.manager(),
                    manager -> memory(manager, ShareMemoryMetrics::allInUsedShareMemoryInBytes));
        });
    }

    /** All sessions of a manager share one region: any of them tells about it. */
    private static long memory(SessionManager manager, ToLongFunction<ShareMemoryMetrics> value) {
        return manager.sessions().stream()
                .filter(session -> !session.isClosed())
                .map(Session::metrics)
                .mapToLong(metrics -> value.applyAsLong(metrics.shareMemory()))
                .max()
                .orElse(0);
    }

    private record Source(SessionManager manager, MeterRegistration.Sessions sessions) {

        Source(SessionManager manager) {
            this(manager, new MeterRegistration.Sessions(manager::sessions, new SessionTotals()));
        }
    }
}
