package io.shmipc.spring.boot.autoconfigure.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names the observation of a message method and its keys: a bean of this type takes the default's place. */
public interface ShmipcHandleObservationConvention extends ObservationConvention<ShmipcHandleContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ShmipcHandleContext;
    }
}
