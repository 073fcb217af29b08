package io.shmipc.sample.lab.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClientMetersTests {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void theRouteThatIsCalledMostSaysHowLongACallTakes() {
        Timer cold = timer("lab.tcp-port");
        cold.record(12, TimeUnit.MILLISECONDS);
        Timer warm = timer("greeting.greet");
        for (int i = 0; i < 100; i++) {
            warm.record(200, TimeUnit.MICROSECONDS);
        }

        Snapshot.Meters meters = new ClientMeters(registry, "shmipc").read();

        assertThat(meters.calls()).isEqualTo(101);
        assertThat(meters.p50Micros()).isCloseTo(200, within(50.0));
        assertThat(meters.p99Micros()).isCloseTo(200, within(50.0));
    }

    @Test
    void withoutACallThereIsNoTime() {
        assertThat(new ClientMeters(registry, "shmipc").read().p50Micros()).isZero();
    }

    private Timer timer(String route) {
        return Timer.builder("shmipc.call")
                .tag("client", "shmipc")
                .tag("error", "none")
                .tag("route", route)
                .publishPercentiles(0.5, 0.95, 0.99)
                .register(registry);
    }
}
