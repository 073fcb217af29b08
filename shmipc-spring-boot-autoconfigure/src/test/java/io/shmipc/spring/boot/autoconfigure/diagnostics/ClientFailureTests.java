package io.shmipc.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ConnectException;
import io.shmipc.Reason;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.MessageContexts;
import io.shmipc.spring.boot.autoconfigure.client.scanned.Scanned;
import io.shmipc.spring.client.ImportShmipcClients;
import io.shmipc.spring.client.ShmipcExchange;
import io.shmipc.spring.client.ShmipcOperations;
import io.shmipc.spring.client.ShmipcTemplate;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Configuration;

/** What people read about clients that are missing, cannot work, or find no server. */
@Timeout(30)
class ClientFailureTests {

    @TempDir
    Path directory;

    private final Analyses analyses = new Analyses();

    @Test
    void anAbsentServerIsExplained() {
        FailureAnalysis analysis = analyses.ofStart(
                "shmipc.client.address=" + directory.resolve("absent.sock"), "shmipc.client.fail-fast=true");

        assertThat(analysis.getDescription())
                .contains(directory.resolve("absent.sock").toString());
        assertThat(analysis.getAction()).contains("shmipc.client.fail-fast=false", "shmipc.clients.<name>.address");
    }

    @Test
    void otherReasonsNotToConnectHaveTheirOwnRemedies() {
        assertThat(analyses.of(new ConnectException(Reason.HANDSHAKE_FAILED, "No."))
                        .getAction())
                .contains("a shmipc server, and not of something else");
        assertThat(analyses.of(new ConnectException(Reason.ACCESS_DENIED, "No."))
                        .getAction())
                .contains("shmipc.client.path-prefix", "shmipc.clients.<name>.path-prefix");
    }

    @ParameterizedTest
    @ValueSource(classes = {WantsSessions.class, WantsOperations.class, WantsTemplate.class})
    void aClientWithoutAnAddressIsExplained(Class<?> wanting) {
        FailureAnalysis analysis = analyses.ofStart(MessageContexts.messaging().withBean(wanting));

        assertThat(analysis.getDescription())
                .startsWith("Parameter 0 of constructor in " + wanting.getName())
                .endsWith("needs a shmipc client, but shmipc.client.address is not set.");
        assertThat(analysis.getAction()).contains("unix:/run/app/shmipc.sock", "ShmipcConnectionDetails", "@Qualifier");
    }

    @Test
    void aNamedClientThatDoesNotExistIsExplained() {
        FailureAnalysis analysis = analyses.ofStart(
                MessageContexts.messaging().withBean(WantsOrders.class), "shmipc.client.address=/nowhere/s.sock");

        assertThat(analysis.getDescription()).endsWith("but shmipc.clients.orders.address is not set.");
    }

    @Test
    void aClientThatIsWantedAndSwitchedOffIsExplained() {
        analyses.property("shmipc.client.enabled", "false", "application.yml - 1:1");

        FailureAnalysis analysis = analyses.ofStart(
                MessageContexts.messaging().withBean(WantsTemplate.class),
                "shmipc.client.address=/nowhere/s.sock",
                "shmipc.client.enabled=false");

        assertThat(analysis.getDescription()).endsWith("needs a shmipc client, but shmipc.client.enabled is false.");
        assertThat(analysis.getAction())
                .startsWith("Set shmipc.client.enabled=true")
                .contains("ObjectProvider", "@ImportShmipcClients");
    }

    @Test
    void beansOfOtherTypesAreLeftToSpringBoot() {
        FailureAnalysis analysis = analyses.ofStart(MessageContexts.messaging().withBean(WantsPath.class));

        assertThat(analysis.getDescription())
                .contains("required a bean of type 'java.nio.file.Path'")
                .doesNotContain("shmipc client");
    }

    @Test
    void anInterfaceWhoseClientHasNoAddressIsExplained() {
        FailureAnalysis analysis = analyses.ofStart(MessageContexts.messaging().withUserConfiguration(Imports.class));

        assertThat(analysis.getDescription())
                .isEqualTo("The application needs a shmipc client, but shmipc.client.address is not set.");
    }

    @Test
    void anInterfaceThatNamesNoClientThatExistsIsExplained() {
        FailureAnalysis analysis = analyses.ofStart(
                MessageContexts.messaging().withUserConfiguration(ImportsLost.class),
                "shmipc.client.address=/nowhere/s.sock");

        assertThat(analysis.getDescription())
                .isEqualTo("@ImportShmipcClients of " + Scanned.class.getName()
                        + " names the client 'lost', which does not exist.");
        assertThat(analysis.getAction())
                .startsWith("Set shmipc.clients.lost.address")
                .contains("@Qualifier");
    }

    @Test
    void anInterfaceThatCannotWorkIsExplained() {
        FailureAnalysis payloads = analyses.ofStart(
                MessageContexts.messaging().withUserConfiguration(ImportsTwoPayloads.class),
                "shmipc.client.address=/nowhere/s.sock");
        assertThat(payloads.getDescription())
                .isEqualTo("@ShmipcExchange method TwoPayloads.call has two payloads, but a message has one.");
        assertThat(payloads.getAction()).contains("@Header");

        FailureAnalysis timeout = analyses.ofStart(
                MessageContexts.messaging().withUserConfiguration(ImportsBadTimeout.class),
                "shmipc.client.address=/nowhere/s.sock",
                "test.timeout=soon");
        assertThat(timeout.getDescription())
                .isEqualTo("@ShmipcExchange method BadTimeout.call has the timeout 'soon', which is no duration.");
        assertThat(timeout.getAction()).isEqualTo("Write it as 500ms, 10s or 2m.");
    }

    record WantsSessions(SessionManager client) {}

    record WantsOperations(ShmipcOperations client) {}

    record WantsTemplate(ShmipcTemplate client) {}

    record WantsOrders(@Qualifier("orders") ShmipcOperations client) {}

    record WantsPath(Path path) {}

    interface TwoPayloads {
        @ShmipcExchange("x")
        void call(String one, String two);
    }

    interface BadTimeout {
        @ShmipcExchange(route = "x", timeout = "${test.timeout}")
        void call();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportShmipcClients(Scanned.class)
    static class Imports {}

    @Configuration(proxyBeanMethods = false)
    @ImportShmipcClients(types = Scanned.class, client = "lost")
    static class ImportsLost {}

    @Configuration(proxyBeanMethods = false)
    @ImportShmipcClients(TwoPayloads.class)
    static class ImportsTwoPayloads {}

    @Configuration(proxyBeanMethods = false)
    @ImportShmipcClients(BadTimeout.class)
    static class ImportsBadTimeout {}
}
