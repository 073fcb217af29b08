package io.shmipc.spring.boot.autoconfigure.observation;

import io.micrometer.common.KeyValues;
import io.shmipc.spring.boot.autoconfigure.observation.ShmipcObservation.CallKey;

/** Calls are named {@code shmipc.call}, their spans {@code call} and the route. */
public final class DefaultShmipcCallObservationConvention implements ShmipcCallObservationConvention {

    @Override
    public String getName() {
        return "shmipc.call";
    }

    @Override
    public String getContextualName(ShmipcCallContext context) {
        return "call " + Routes.named(context.route());
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ShmipcCallContext context) {
        return KeyValues.of(
                CallKey.CLIENT.withValue(context.client()), CallKey.ROUTE.withValue(Routes.named(context.route())));
    }
}
