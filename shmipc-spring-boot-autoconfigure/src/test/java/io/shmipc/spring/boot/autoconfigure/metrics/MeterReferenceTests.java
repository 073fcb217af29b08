package io.shmipc.spring.boot.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.shmipc.spring.boot.autoconfigure.observation.DefaultShmipcCallObservationConvention;
import io.shmipc.spring.boot.autoconfigure.observation.DefaultShmipcHandleObservationConvention;
import io.shmipc.spring.boot.autoconfigure.observation.ShmipcObservation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** docs/meters.md says what the catalogue of meters says; after a change it is generated anew by this very test. */
@Timeout(10)
class MeterReferenceTests {

    private static final String INTRODUCTION = """
            # Meters

            Every meter there is, generated from the catalogue that registers them. Numbers of several sessions are added
            up; counters keep what sessions counted that have ended. `/actuator/metrics/<name>` shows one of them; Prometheus
            writes underscores for dots, then the unit, and `_total` behind counters: `shmipc_session_sent_bytes_total`.

            `role` is `client` or `server`, and `name` that of the client or the listener; `shmipc.listener` is told of servers
            only. `shmipc.memory` counts each region once, however many sessions share it: a client has one, a server maps one of
            each client. The timers of calls and handlers come with observations; their `error` is the class of the exception, or
            `none`. `shmipc.metrics.percentiles` says which percentiles timers tell. The [dashboard](grafana/shmipc.json) shows
            what to watch.

            | meter | type | unit | tags | what it tells |
            | --- | --- | --- | --- | --- |
            """;

    @Test
    void theReferenceSaysWhatTheCatalogueSays() throws IOException {
        Path written = Path.of("..", "docs", "meters.md");
        Path generated = Path.of("target", "meters.md");
        String reference = reference();
        Files.writeString(generated, reference);

        assertThat(written)
                .as("meters have changed: copy %s to %s", generated.toAbsolutePath(), written)
                .hasContent(reference);
    }

    private static String reference() {
        StringBuilder text = new StringBuilder(INTRODUCTION);
        for (ShmipcMeters meter : ShmipcMeters.values()) {
            String tags = names(meter.getKeyNames());
            text.append(row(meter.getName(), meter.getType(), meter.getBaseUnit(), tags, meter.getDescription()));
        }
        for (ShmipcObservation observation : ShmipcObservation.values()) {
            String tags = names(observation.getLowCardinalityKeyNames());
            String meaning = observation.getDescription();
            text.append(row(name(observation), Meter.Type.TIMER, "seconds", tags + ", `error`", meaning));
            text.append(row(
                    name(observation) + ".active",
                    Meter.Type.LONG_TASK_TIMER,
                    "seconds",
                    tags,
                    "The same, as long as they are under way"));
        }
        return text.toString();
    }

    private static String row(String name, Meter.Type type, String unit, String tags, String meaning) {
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(name, type.name().toLowerCase(Locale.ROOT).replace('_', ' '), unit, tags, meaning);
    }

    private static String name(ShmipcObservation observation) {
        return switch (observation) {
            case CALL -> new DefaultShmipcCallObservationConvention().getName();
            case HANDLE -> new DefaultShmipcHandleObservationConvention().getName();
        };
    }

    private static String names(KeyName[] keys) {
        return Arrays.stream(keys).map(key -> "`" + key.asString() + "`").collect(Collectors.joining(", "));
    }

    /** What the page says of observations is what Micrometer makes of them. */
    @Test
    void anObservationIsATimerAndWhileItLastsALongTaskTimer() {
        MeterRegistry meters = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));

        Observation observation = Observation.start("shmipc.call", observations);
        assertThat(meters.getMeters())
                .extracting(
                        meter -> meter.getId().getName(), meter -> meter.getId().getType())
                .containsExactly(Tuple.tuple("shmipc.call.active", Meter.Type.LONG_TASK_TIMER));
        observation.stop();
        assertThat(meters.get("shmipc.call").timer().getId().getTags()).containsExactly(Tag.of("error", "none"));
    }
}
