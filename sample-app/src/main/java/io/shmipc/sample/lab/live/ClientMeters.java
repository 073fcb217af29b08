package io.shmipc.sample.lab.live;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.shmipc.spring.boot.autoconfigure.metrics.ShmipcMeters;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/**
 * Reads the meters of one client from the application's registry, where Prometheus reads them, too.
 *
 * <p><b>Threads:</b> any.
 */
final class ClientMeters {

    private static final String CALL_TIMER = "shmipc.call";
    private static final String NO_ERROR = "none";
    private static final double P50 = 0.5;
    private static final double P95 = 0.95;
    private static final double P99 = 0.99;

    private final MeterRegistry registry;
    private final String client;

    ClientMeters(MeterRegistry registry, String client) {
        this.registry = registry;
        this.client = client;
    }

    Snapshot.Meters read() {
        Collection<Timer> answered = calls(NO_ERROR);
        long all = registry.find(CALL_TIMER).tag("client", client).timers().stream()
                .mapToLong(Timer::count)
                .sum();
        long calls = answered.stream().mapToLong(Timer::count).sum();
        return new Snapshot.Meters(
                calls,
                all - calls,
                percentileMicros(answered, P50),
                percentileMicros(answered, P95),
                percentileMicros(answered, P99),
                counter(ShmipcMeters.BYTES_SENT),
                counter(ShmipcMeters.BYTES_RECEIVED),
                counter(ShmipcMeters.WAKEUPS_SENT) + counter(ShmipcMeters.WAKEUPS_RECEIVED),
                gauge(ShmipcMeters.STREAMS_ACTIVE),
                gauge(ShmipcMeters.SEND_QUEUE) + gauge(ShmipcMeters.RECEIVE_QUEUE),
                gauge(ShmipcMeters.MEMORY_USED),
                gauge(ShmipcMeters.MEMORY_CAPACITY),
                counter(ShmipcMeters.ALLOCATION_FAILURES),
                counter(ShmipcMeters.FALLBACK_SENT) + counter(ShmipcMeters.FALLBACK_RECEIVED));
    }

    private Collection<Timer> calls(String error) {
        return registry.find(CALL_TIMER)
                .tag("client", client)
                .tag("error", error)
                .timers();
    }

    /**
     * Several routes have a timer each: the one that is called most speaks for all. The others are called once or twice
     * before a measurement, when nothing is warm.
     */
    private static double percentileMicros(Collection<Timer> timers, double percentile) {
        return timers.stream().max(Comparator.comparingLong(Timer::count)).stream()
                .flatMap(timer -> Arrays.stream(timer.takeSnapshot().percentileValues()))
                .filter(value -> value.percentile() == percentile)
                .mapToDouble(value -> value.value(TimeUnit.NANOSECONDS) / TimeUnit.MICROSECONDS.toNanos(1))
                .findFirst()
                .orElse(0);
    }

    private long counter(ShmipcMeters meter) {
        FunctionCounter counter = registry.find(meter.getName())
                .tag(ShmipcMeters.Tag.ROLE.asString(), "client")
                .tag(ShmipcMeters.Tag.NAME.asString(), client)
                .functionCounter();
        return counter == null ? 0 : (long) counter.count();
    }

    private long gauge(ShmipcMeters meter) {
        Gauge gauge = registry.find(meter.getName())
                .tag(ShmipcMeters.Tag.ROLE.asString(), "client")
                .tag(ShmipcMeters.Tag.NAME.asString(), client)
                .gauge();
        return gauge == null || Double.isNaN(gauge.value()) ? 0 : (long) gauge.value();
    }
}
