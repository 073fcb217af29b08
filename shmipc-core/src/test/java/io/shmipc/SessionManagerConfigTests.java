package io.shmipc;

import static io.shmipc.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.shmipc.client.SessionManagerConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionManagerConfigTests {

    private static final ShmipcAddress UNIX = ShmipcAddress.unix(Path.of("/run/app.sock"));

    private final SessionManagerConfig.Builder builder = SessionManagerConfig.builder(UNIX);

    @Test
    void theDefaultsAreAsDocumented() {
        SessionManagerConfig config = builder.build();
        assertThat(config.address()).isEqualTo(UNIX);
        assertThat(config.address().network()).isEqualTo(Network.UNIX);
        assertThat(config.sessions()).isEqualTo(1);
        assertThat(config.maxPooledStreams()).isEqualTo(4096);
        assertThat(config.streamMaxIdleTime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.rebuildInterval()).isEqualTo(Duration.ofMillis(50));
        assertThat(config.maxRebuildInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.connectLazily()).isFalse();
        assertThat(config.config().queueCapacity()).isEqualTo(8192);
    }

    @Test
    void whatIsSetIsKept() {
        ShmipcConfig inner = ShmipcConfig.builder().queueCapacity(16).build();
        SessionManagerConfig config = builder.config(inner)
                .sessions(1024)
                .maxPooledStreams(0)
                .streamMaxIdleTime(Duration.ofMillis(1))
                .rebuildInterval(Duration.ofMillis(2))
                .maxRebuildInterval(Duration.ofMillis(2))
                .connectLazily(true)
                .build();
        assertThat(config.config()).isSameAs(inner);
        assertThat(config.sessions()).isEqualTo(1024);
        assertThat(config.maxPooledStreams()).isZero();
        assertThat(config.streamMaxIdleTime()).isEqualTo(Duration.ofMillis(1));
        assertThat(config.rebuildInterval()).isEqualTo(Duration.ofMillis(2));
        assertThat(config.maxRebuildInterval()).isEqualTo(Duration.ofMillis(2));
        assertThat(config.connectLazily()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1025, Integer.MAX_VALUE})
    void thereAreBetween1And1024Sessions(int sessions) {
        assertRefused(builder.sessions(sessions)::build, "sessions", Integer.toString(sessions), "from 1 to 1024");
    }

    @Test
    void aPoolHasNoNegativeSize() {
        assertRefused(builder.maxPooledStreams(-1)::build, "maxPooledStreams", "-1", "0 or more");
    }

    @Test
    void durationsAreLongerThanZero() {
        assertRefused(builder.streamMaxIdleTime(Duration.ZERO)::build, "streamMaxIdleTime", "PT0S", "longer than zero");
        SessionManagerConfig.Builder other = SessionManagerConfig.builder(UNIX);
        assertRefused(
                other.rebuildInterval(Duration.ofSeconds(-1))::build, "rebuildInterval", "PT-1S", "longer than zero");
    }

    @Test
    void durationsCanBeCountedInNanoseconds() {
        Duration longer = ShmipcConfig.MAX_DURATION.plusNanos(1);
        assertRefused(
                builder.streamMaxIdleTime(longer)::build, "streamMaxIdleTime", longer.toString(), "at most PT876000H");
        SessionManagerConfig.Builder other = SessionManagerConfig.builder(UNIX);
        assertRefused(
                other.maxRebuildInterval(longer)::build, "maxRebuildInterval", longer.toString(), "at most PT876000H");
    }

    @Test
    void theLongestRebuildIntervalIsNotShorterThanTheFirst() {
        assertRefused(
                builder.rebuildInterval(Duration.ofSeconds(3))::build,
                "maxRebuildInterval",
                "PT2S",
                "at least rebuildInterval, PT3S");
    }

    @Test
    void memfdsDoNotTravelOverTcp() {
        ShmipcAddress tcp = ShmipcAddress.tcp("localhost", 7070);
        assertRefused(
                SessionManagerConfig.builder(tcp)::build,
                "memoryType",
                "MEMFD with address tcp:localhost:7070",
                "FILE over TCP");
        ShmipcConfig files = ShmipcConfig.builder().memoryType(MemoryType.FILE).build();
        assertThatCode(SessionManagerConfig.builder(tcp).config(files)::build).doesNotThrowAnyException();
    }
}
