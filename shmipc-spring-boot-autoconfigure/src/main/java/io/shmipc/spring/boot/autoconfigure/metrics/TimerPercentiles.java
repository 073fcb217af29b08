package io.shmipc.spring.boot.autoconfigure.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.shmipc.InvalidConfigException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the timers of calls and handlers tell percentiles, down to a microsecond.
 *
 * <p>Spring Boot's properties {@code management.metrics.distribution} come afterwards and have the last word.
 */
final class TimerPercentiles implements MeterFilter {

    private static final Set<String> TIMERS = Set.of("shmipc.call", "shmipc.handle", ShmipcMeters.CALLBACKS.getName());

    private static final double SHORTEST_NANOS = 1_000;

    private final double[] percentiles;

    /**
     * @throws InvalidConfigException if one is no percentile: Micrometer refuses it only when a timer registers, in the
     *     midst of a call
     */
    TimerPercentiles(List<Double> percentiles) {
        this.percentiles =
                percentiles.stream().mapToDouble(TimerPercentiles::checked).toArray();
    }

    private static double checked(double percentile) {
        if (percentile >= 0 && percentile <= 1) {
            return percentile;
        }
        throw new InvalidConfigException(
                "percentiles",
                Double.toString(percentile),
                "have entries from 0 to 1 only",
                "Write 0.5 for the median, and 0.99 for what 99 % stay below");
    }

    @Override
    public @Nullable DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
        if (id.getType() != Meter.Type.TIMER || percentiles.length == 0 || !TIMERS.contains(id.getName())) {
            return config;
        }
        return DistributionStatisticConfig.builder()
                .percentiles(percentiles)
                .minimumExpectedValue(SHORTEST_NANOS)
                .build()
                .merge(config);
    }
}
