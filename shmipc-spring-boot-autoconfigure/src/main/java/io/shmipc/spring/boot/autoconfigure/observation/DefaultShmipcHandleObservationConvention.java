package io.shmipc.spring.boot.autoconfigure.observation;

import io.micrometer.common.KeyValues;
import io.shmipc.spring.boot.autoconfigure.observation.ShmipcObservation.HandleKey;

/** The work of message methods is named {@code shmipc.handle}, its spans {@code handle} and the route. */
public final class DefaultShmipcHandleObservationConvention implements ShmipcHandleObservationConvention {

    @Override
    public String getName() {
        return "shmipc.handle";
    }

    @Override
    public String getContextualName(ShmipcHandleContext context) {
        return "handle " + route(context);
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ShmipcHandleContext context) {
        return KeyValues.of(
                HandleKey.LISTENER.withValue(context.endpoint().listener()), HandleKey.ROUTE.withValue(route(context)));
    }

    private static String route(ShmipcHandleContext context) {
        return Routes.named(context.endpoint().attributes().route());
    }
}
