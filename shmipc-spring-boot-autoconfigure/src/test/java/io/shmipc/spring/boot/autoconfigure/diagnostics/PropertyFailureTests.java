package io.shmipc.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shmipc.InvalidConfigException;
import io.shmipc.spring.boot.autoconfigure.Contexts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What people read about a property, or a configuration of their own, that cannot be. */
@Timeout(30)
class PropertyFailureTests {

    @TempDir
    Path directory;

    private final Analyses analyses = new Analyses();

    @Test
    void aRefusedPropertyIsExplainedWithItsOriginAndRemedy() {
        analyses.property("shmipc.client.slice-sizes[0].percent", "90", "application.yml - 3:7");

        FailureAnalysis analysis = analyses.ofStart(
                "shmipc.client.address=/nowhere/s.sock",
                "shmipc.client.slice-sizes[0].size=1KB",
                "shmipc.client.slice-sizes[0].percent=90");

        assertThat(analysis.getDescription())
                .contains("shmipc.client.slice-sizes is 90 % in sum", "it must add up to 100 %.")
                .endsWith("It is set in application.yml - 3:7.")
                .doesNotContain("sliceSizes");
        assertThat(analysis.getAction()).startsWith("Change the percents of ").endsWith(".");
    }

    @Test
    void anInheritedPropertyIsExplainedWithItsOrigin() {
        analyses.property("shmipc.client.queue-capacity", "7", "application.yml - 4:9");

        assertThat(analyses.ofStart("shmipc.clients.orders.address=/nowhere/s.sock", "shmipc.client.queue-capacity=7")
                        .getDescription())
                .startsWith("shmipc.clients.orders.queue-capacity is 7")
                .endsWith("It is set in application.yml - 4:9.");
    }

    /** Micrometer would refuse it when a client's first call has its reply. */
    @ParameterizedTest
    @CsvSource({"'50,95,99',50.0", "'0.5,-0.1',-0.1", "NaN,NaN"})
    void aPercentileThatIsNoneIsExplained(String percentiles, String refused) {
        analyses.property("shmipc.metrics.percentiles[0]", "50", "application.yml - 5:9");

        FailureAnalysis analysis = analyses.ofStart(
                Contexts.everything().withBean(SimpleMeterRegistry.class),
                "shmipc.client.address=/nowhere/s.sock",
                "shmipc.metrics.percentiles=" + percentiles);

        assertThat(analysis.getDescription())
                .startsWith("shmipc.metrics.percentiles is " + refused + ": it must have entries from 0 to 1 only.")
                .endsWith("It is set in application.yml - 5:9.");
        assertThat(analysis.getAction()).isEqualTo("Write 0.5 for the median, and 0.99 for what 99 % stay below.");
    }

    @ParameterizedTest
    @CsvSource({"server,shmipc.server", "admin,shmipc.listeners.admin"})
    void aGroupThatIsNotThereIsExplained(String listener, String prefix) {
        FailureAnalysis analysis = analyses.ofStart(
                prefix + ".address=" + directory.resolve(listener + ".sock"), prefix + ".socket-group=no-such-group");

        assertThat(analysis.getDescription())
                .isEqualTo(prefix + ".socket-group is 'no-such-group': it must be the name of a group of this machine, "
                        + "or its number.");
        assertThat(analysis.getAction()).isEqualTo("Look into /etc/group.");
    }

    @Test
    void memfdOverTcpIsExplained() {
        FailureAnalysis analysis =
                analyses.ofStart("shmipc.client.address=tcp:127.0.0.1:7070", "shmipc.client.memory-type=memfd");

        assertThat(analysis.getDescription())
                .isEqualTo("shmipc.client.memory-type is MEMFD with address tcp:127.0.0.1:7070: "
                        + "it must be FILE over TCP, which cannot pass descriptors.");
        assertThat(analysis.getAction()).isEqualTo("Set the memory type to FILE, or listen on a unix socket.");
    }

    @Test
    void aConfigurationThatTheApplicationMadeItselfIsExplained() {
        FailureAnalysis analysis =
                analyses.of(new InvalidConfigException("backlog", "0", "be 1 or more", "Leave it out for the default"));

        assertThat(analysis.getDescription()).startsWith("backlog is 0: it must be 1 or more.");
        assertThat(analysis.getAction()).isEqualTo("Leave it out for the default.");
    }
}
