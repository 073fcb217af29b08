package io.shmipc.spring.boot.autoconfigure.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.shmipc.spring.client.CallObserver;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Observes calls, and sends the trace context along. */
final class ObservedCalls implements CallObserver {

    private static final ShmipcCallObservationConvention DEFAULT = new DefaultShmipcCallObservationConvention();

    private final ObservationRegistry registry;
    private final @Nullable ShmipcCallObservationConvention convention;

    ObservedCalls(ObservationRegistry registry, @Nullable ShmipcCallObservationConvention convention) {
        this.registry = registry;
        this.convention = convention;
    }

    @Override
    public Outcome begin(String client, String route, Map<String, Object> headers) {
        Observation observation = ShmipcObservation.CALL.start(
                convention, DEFAULT, () -> new ShmipcCallContext(client, route, headers), registry);
        return failure -> {
            if (failure != null) {
                observation.error(failure);
            }
            observation.stop();
        };
    }
}
