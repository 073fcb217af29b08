package io.shmipc;

import static io.shmipc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.server.ListenerConfig;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ListenerConfigTests {

    private static final ShmipcAddress ADDRESS = ShmipcAddress.unix(Path.of("/run/app.sock"));

    private interface Setter extends BiFunction<ListenerConfig.Builder, Integer, ListenerConfig.Builder> {}

    static Stream<Arguments> limits() {
        return Stream.of(
                limitNamed("backlog", ListenerConfig.Builder::backlog),
                limitNamed("maxSessions", ListenerConfig.Builder::maxSessions),
                limitNamed("maxStreamsPerSession", ListenerConfig.Builder::maxStreamsPerSession),
                limitNamed("maxHandshakes", ListenerConfig.Builder::maxHandshakes));
    }

    private static Arguments limitNamed(String property, Setter setter) {
        return Arguments.of(property, setter);
    }

    @Test
    void theDefaultsAreAsDocumented() {
        ListenerConfig config = ListenerConfig.builder(ADDRESS).build();
        assertThat(config.address()).isEqualTo(ADDRESS);
        assertThat(config.address().network()).isEqualTo(Network.UNIX);
        assertThat(config.backlog()).isEqualTo(4096);
        assertThat(config.maxSessions()).isEqualTo(1024);
        assertThat(config.maxStreamsPerSession()).isEqualTo(65_536);
        assertThat(config.maxHandshakes()).isEqualTo(1024);
        assertThat(config.takeOver()).isFalse();
    }

    @Test
    void whatIsSetIsKept() {
        ShmipcConfig inner = ShmipcConfig.builder().queueCapacity(16).build();
        ListenerConfig config = ListenerConfig.builder(ADDRESS)
                .config(inner)
                .backlog(1)
                .maxSessions(2)
                .maxStreamsPerSession(3)
                .maxHandshakes(4)
                .takeOver(true)
                .build();
        assertThat(config.config()).isSameAs(inner);
        assertThat(config.backlog()).isEqualTo(1);
        assertThat(config.maxSessions()).isEqualTo(2);
        assertThat(config.maxStreamsPerSession()).isEqualTo(3);
        assertThat(config.maxHandshakes()).isEqualTo(4);
        assertThat(config.takeOver()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("limits")
    void aLimitIsAtLeast1(String property, Setter setter) {
        for (int value : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertRefused(
                    setter.apply(ListenerConfig.builder(ADDRESS), value)::build,
                    property,
                    Integer.toString(value),
                    "1 or more");
        }
    }
}
