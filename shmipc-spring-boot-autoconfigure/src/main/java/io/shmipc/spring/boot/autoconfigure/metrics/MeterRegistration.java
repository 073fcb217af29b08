package io.shmipc.spring.boot.autoconfigure.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.shmipc.PerformanceMetrics;
import io.shmipc.Session;
import io.shmipc.ShareMemoryMetrics;
import io.shmipc.StabilityMetrics;
import io.shmipc.spring.session.SessionTotals;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Registers the meters of one session manager or listener.
 *
 * <p>Meters refer to what they read weakly: whoever registers them keeps it.
 */
final class MeterRegistration {

    private final MeterRegistry registry;
    private final Tags tags;

    MeterRegistration(MeterRegistry registry, String role, String name) {
        this.registry = registry;
        this.tags = Tags.of(ShmipcMeters.Tag.ROLE.asString(), role, ShmipcMeters.Tag.NAME.asString(), name);
    }

    /** Registers one meter that reads {@code source}. */
    <T> void register(ShmipcMeters meter, T source, ToDoubleFunction<T> value) {
        switch (meter.getType()) {
            case COUNTER ->
                FunctionCounter.builder(meter.getName(), source, value)
                        .tags(tags)
                        .baseUnit(meter.getBaseUnit())
                        .description(meter.getDescription())
                        .register(registry);
            case GAUGE ->
                Gauge.builder(meter.getName(), source, value)
                        .tags(tags)
                        .baseUnit(meter.getBaseUnit())
                        .description(meter.getDescription())
                        .register(registry);
            default -> throw new IllegalArgumentException(meter + " is neither counter nor gauge");
        }
    }

    /** Registers a timer. */
    Timer timer(ShmipcMeters meter) {
        return Timer.builder(meter.getName())
                .tags(tags)
                .description(meter.getDescription())
                .register(registry);
    }

    /** Registers the meters that sessions of both roles have. */
    void registerSessions(Sessions sessions) {
        register(ShmipcMeters.SESSIONS_OPEN, sessions, s -> s.count(session -> !session.isClosed()));
        register(ShmipcMeters.SESSIONS_HEALTHY, sessions, s -> s.count(Session::isHealthy));
        stability(ShmipcMeters.STREAMS_ACTIVE, sessions, StabilityMetrics::activeStreamCount);
        performance(ShmipcMeters.BYTES_SENT, sessions, PerformanceMetrics::outFlowBytes);
        performance(ShmipcMeters.BYTES_RECEIVED, sessions, PerformanceMetrics::inFlowBytes);
        performance(ShmipcMeters.WAKEUPS_SENT, sessions, PerformanceMetrics::sendSyncEventCount);
        performance(ShmipcMeters.WAKEUPS_RECEIVED, sessions, PerformanceMetrics::receiveSyncEventCount);
        performance(ShmipcMeters.SEND_QUEUE, sessions, PerformanceMetrics::sendQueueCount);
        performance(ShmipcMeters.RECEIVE_QUEUE, sessions, PerformanceMetrics::receiveQueueCount);
        stability(ShmipcMeters.QUEUE_FULL, sessions, StabilityMetrics::queueFullErrorCount);
        stability(ShmipcMeters.ALLOCATION_FAILURES, sessions, StabilityMetrics::allocShmErrorCount);
        stability(ShmipcMeters.FALLBACK_SENT, sessions, StabilityMetrics::fallbackWriteCount);
        stability(ShmipcMeters.FALLBACK_RECEIVED, sessions, StabilityMetrics::fallbackReadCount);
        stability(ShmipcMeters.CONNECTION_ERRORS, sessions, StabilityMetrics::eventConnErrorCount);
        stability(ShmipcMeters.HOT_RESTARTS, sessions, StabilityMetrics::hotRestartSuccessCount);
        stability(ShmipcMeters.HOT_RESTART_ERRORS, sessions, StabilityMetrics::hotRestartErrorCount);
        memory(ShmipcMeters.MEMORY_CAPACITY, sessions, ShareMemoryMetrics::capacityOfShareMemoryInBytes);
        memory(ShmipcMeters.MEMORY_USED, sessions, ShareMemoryMetrics::allInUsedShareMemoryInBytes);
    }

    private void performance(ShmipcMeters meter, Sessions sessions, ToLongFunction<PerformanceMetrics> value) {
        register(meter, sessions, s -> s.upToDate().performance(value));
    }

    private void stability(ShmipcMeters meter, Sessions sessions, ToLongFunction<StabilityMetrics> value) {
        register(meter, sessions, s -> s.upToDate().stability(value));
    }

    private void memory(ShmipcMeters meter, Sessions sessions, ToLongFunction<ShareMemoryMetrics> value) {
        register(meter, sessions, s -> s.memory(value));
    }

    /**
     * Sessions that come and go.
     *
     * @param open the present sessions
     * @param totals what all of them counted
     */
    record Sessions(Supplier<List<Session>> open, SessionTotals totals) {

        long count(Predicate<Session> condition) {
            return open.get().stream().filter(condition).count();
        }

        /** Adds up what the regions of open sessions tell, each region once: several sessions share one. */
        long memory(ToLongFunction<ShareMemoryMetrics> value) {
            Map<Long, Long> regions = open.get().stream()
                    .filter(session -> !session.isClosed())
                    .collect(Collectors.toMap(
                            Session::regionId,
                            session -> value.applyAsLong(session.metrics().shareMemory()),
                            Math::max));
            return regions.values().stream().mapToLong(Long::longValue).sum();
        }

        /** Returns the totals after new sessions were taken in. */
        SessionTotals upToDate() {
            totals.addAll(open.get());
            return totals;
        }
    }
}
