package io.shmipc.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shmipc.ConnectException;
import io.shmipc.InvalidConfigException;
import io.shmipc.ListenCallback;
import io.shmipc.Reason;
import io.shmipc.SharedMemoryException;
import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.UnsupportedPlatformException;
import io.shmipc.client.SessionManager;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.Contexts;
import io.shmipc.spring.boot.autoconfigure.MessageContexts;
import io.shmipc.spring.boot.autoconfigure.client.scanned.Scanned;
import io.shmipc.spring.client.ImportShmipcClients;
import io.shmipc.spring.client.ShmipcExchange;
import io.shmipc.spring.client.ShmipcOperations;
import io.shmipc.spring.client.ShmipcTemplate;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** Looks at failures as Spring Boot does: the first analyzer of all that are registered wins. */
@Timeout(30)
class FailureAnalyzersTests {

    /** Some analyzers of Spring Boot need libraries that are not here. */
    private static final FailureHandler LEAVE_OUT = (type, implementation, failure) -> {};

    @TempDir
    Path directory;

    private final StandardEnvironment environment = new StandardEnvironment();

    @Test
    void aRefusedPropertyIsExplainedWithItsOriginAndRemedy() {
        environment
                .getPropertySources()
                .addFirst(new OriginTrackedMapPropertySource(
                        "test",
                        Map.of(
                                "shmipc.client.slice-sizes[0].percent",
                                OriginTrackedValue.of("90", named("application.yml - 3:7")))));
        ConfigurationPropertySources.attach(environment);

        FailureAnalysis analysis = startUpFailure(
                "shmipc.client.address=/nowhere/s.sock",
                "shmipc.client.slice-sizes[0].size=1KB",
                "shmipc.client.slice-sizes[0].percent=90");

        assertThat(analysis.getDescription())
                .contains("shmipc.client.slice-sizes is 90 % in sum", "it must add up to 100 %.")
                .endsWith("It is set in application.yml - 3:7.")
                .doesNotContain("sliceSizes");
        assertThat(analysis.getAction()).startsWith("Change the percents of ").endsWith(".");
    }

    /** Micrometer would refuse it when a client's first call has its reply. */
    @ParameterizedTest
    @CsvSource({"'50,95,99',50.0", "'0.5,-0.1',-0.1", "NaN,NaN"})
    void aPercentileThatIsNoneIsExplained(String percentiles, String refused) {
        environment
                .getPropertySources()
                .addFirst(new OriginTrackedMapPropertySource(
                        "test",
                        Map.of(
                                "shmipc.metrics.percentiles[0]",
                                OriginTrackedValue.of("50", named("application.yml - 5:9")))));
        ConfigurationPropertySources.attach(environment);

        FailureAnalysis analysis = startUpFailure(
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
        FailureAnalysis analysis = startUpFailure(
                prefix + ".address=" + directory.resolve(listener + ".sock"), prefix + ".socket-group=no-such-group");

        assertThat(analysis.getDescription())
                .isEqualTo(prefix + ".socket-group is 'no-such-group': it must be the name of a group of this machine, "
                        + "or its number.");
        assertThat(analysis.getAction()).isEqualTo("Look into /etc/group.");
    }

    @Test
    void memfdOverTcpIsExplained() {
        FailureAnalysis analysis =
                startUpFailure("shmipc.client.address=tcp:127.0.0.1:7070", "shmipc.client.memory-type=memfd");

        assertThat(analysis.getDescription())
                .isEqualTo("shmipc.client.memory-type is MEMFD with address tcp:127.0.0.1:7070: "
                        + "it must be FILE over TCP, which cannot pass descriptors.");
        assertThat(analysis.getAction()).isEqualTo("Set the memory type to FILE, or listen on a unix socket.");
    }

    @Test
    void aConfigurationThatTheApplicationMadeItselfIsExplained() {
        FailureAnalysis analysis =
                analyze(new InvalidConfigException("backlog", "0", "be 1 or more", "Leave it out for the default"));

        assertThat(analysis.getDescription()).startsWith("backlog is 0: it must be 1 or more.");
        assertThat(analysis.getAction()).isEqualTo("Leave it out for the default.");
    }

    @Test
    void anAddressThatCannotBeListenedOnIsExplained() {
        Path absent = directory.resolve("absent");
        FailureAnalysis analysis = startUpFailure(
                Contexts.everything().withBean(Handler.class), "shmipc.server.address=" + absent.resolve("s.sock"));

        assertThat(analysis.getDescription()).contains(absent.toString());
        assertThat(analysis.getAction()).contains("shmipc.server.address", "exists");
    }

    @Test
    void anAbsentServerIsExplained() {
        FailureAnalysis analysis = startUpFailure(
                "shmipc.client.address=" + directory.resolve("absent.sock"), "shmipc.client.fail-fast=true");

        assertThat(analysis.getDescription())
                .contains(directory.resolve("absent.sock").toString());
        assertThat(analysis.getAction()).contains("shmipc.client.fail-fast=false");
    }

    @Test
    void otherReasonsNotToConnectHaveTheirOwnRemedies() {
        assertThat(analyze(new ConnectException(Reason.HANDSHAKE_FAILED, "No.")).getAction())
                .contains("a shmipc server, and not of something else");
        assertThat(analyze(new ConnectException(Reason.ACCESS_DENIED, "No.")).getAction())
                .contains("shmipc.client.path-prefix");
    }

    @Test
    void sharedMemoryThatCannotBeHadIsExplained() {
        assertThat(analyze(new SharedMemoryException(Reason.SHARE_MEMORY_NO_SPACE_LEFT, "Full."))
                        .getAction())
                .contains("shmipc.client.buffer-capacity", "--shm-size");
        assertThat(analyze(new SharedMemoryException(Reason.FILE_NAME_TOO_LONG, "Long."))
                        .getAction())
                .isEqualTo("Shorten shmipc.client.path-prefix.");
        assertThat(analyze(new SharedMemoryException(Reason.SYSTEM_CALL_FAILED, "Denied."))
                        .getAction())
                .contains("shmipc.client.memory-type=memfd");
    }

    @Test
    void aPlatformThatIsNotSupportedIsExplained() {
        FailureAnalysis analysis = analyze(new UnsupportedPlatformException("shmipc does not run on Plan 9.", null));

        assertThat(analysis.getDescription()).isEqualTo("shmipc does not run on Plan 9.");
        assertThat(analysis.getAction()).contains("Linux", "shmipc.client.enabled=false");
    }

    @Test
    void aNativeLibraryThatCannotBeLoadedIsExplained() {
        FailureAnalysis analysis = analyze(new UnsupportedPlatformException(
                "JNA could not be loaded (java.lang.UnsatisfiedLinkError: noexec). It has to be on the class path.",
                null));

        assertThat(analysis.getDescription())
                .isEqualTo("JNA could not be loaded (java.lang.UnsatisfiedLinkError: noexec).");
        assertThat(analysis.getAction())
                .contains("-Djna.tmpdir", "-Djna.boot.library.path", "--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void anAddressInUseIsExplained() {
        ListenCallback callback = Stream::close;
        ListenerConfig config = ListenerConfig.builder(ShmipcAddress.unix(directory.resolve("s.sock")))
                .build();
        try (Listener other = new Listener(callback, config)) {
            other.start();

            FailureAnalysis analysis = startUpFailure(
                    Contexts.everything().withBean(Handler.class),
                    "shmipc.server.address=" + directory.resolve("s.sock"));

            assertThat(analysis.getDescription())
                    .contains(directory.resolve("s.sock").toString());
            assertThat(analysis.getAction())
                    .contains("shmipc.server.take-over=true", "shmipc.listeners.<name>.address");
        }
    }

    @Test
    void twoListenersOnOneAddressAreExplained() {
        FailureAnalysis analysis = startUpFailure(
                "shmipc.server.address=" + directory.resolve("s.sock"),
                "shmipc.listeners.admin.address=" + directory.resolve("s.sock"));

        assertThat(analysis.getDescription()).contains("'server'", "'admin'", "have one address");
        assertThat(analysis.getAction()).isEqualTo("Give each listener its own address.");
    }

    @Test
    void memoryThatTheFileSystemHasNoRoomForIsExplained() {
        FailureAnalysis analysis = analyze(new SharedMemoryException(
                Reason.SHARE_MEMORY_NO_SPACE_LEFT, "/dev/shm has 64 MB left, 2 GB are needed."));

        assertThat(analysis.getDescription()).isEqualTo("/dev/shm has 64 MB left, 2 GB are needed.");
        assertThat(analysis.getAction()).contains("shmipc.client.buffer-capacity", "--shm-size", "emptyDir");
    }

    @Test
    void anInheritedPropertyIsExplainedWithItsOrigin() {
        environment
                .getPropertySources()
                .addFirst(new OriginTrackedMapPropertySource(
                        "test",
                        Map.of(
                                "shmipc.client.queue-capacity",
                                OriginTrackedValue.of("7", named("application.yml - 4:9")))));
        ConfigurationPropertySources.attach(environment);

        assertThat(startUpFailure("shmipc.clients.orders.address=/nowhere/s.sock", "shmipc.client.queue-capacity=7")
                        .getDescription())
                .startsWith("shmipc.clients.orders.queue-capacity is 7")
                .endsWith("It is set in application.yml - 4:9.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.7.18", "3.5.6", "4.0.0", "4.0.1-SNAPSHOT"})
    void aSpringBootThatIsTooOldIsExplained(String version) {
        GenericApplicationContext context = new GenericApplicationContext();
        Throwable failure = catchThrowable(() -> new BootGenerationCheck(version).initialize(context));

        FailureAnalysis analysis = analyze(failure);

        assertThat(analysis.getDescription()).contains("Spring Boot 4.1 or newer", version);
        assertThat(analysis.getAction()).contains("spring-boot-starter-parent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.1.0", "4.1.2", "4.2.0-M1", "5.0.0", "unknown"})
    void aSpringBootThatIsNewEnoughIsAccepted(String version) {
        assertThatNoException()
                .isThrownBy(() -> new BootGenerationCheck(version).initialize(new GenericApplicationContext()));
    }

    @Test
    void everyApplicationChecksItsSpringBoot() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(ApplicationContextInitializer.class))
                .hasAtLeastOneElementOfType(BootGenerationCheck.class);
    }

    @Test
    void twoMethodsForOneListenerAreExplained() {
        FailureAnalysis analysis = startUpFailure(
                Contexts.everything().withBean("one", Handler.class).withBean("other", Handler.class),
                "shmipc.server.address=" + directory.resolve("s.sock"));

        assertThat(analysis.getDescription()).contains("'server'", "bean 'one'", "bean 'other'");
        assertThat(analysis.getAction()).contains("Keep one of them");
    }

    @ParameterizedTest
    @ValueSource(classes = {WantsSessions.class, WantsOperations.class, WantsTemplate.class})
    void aClientWithoutAnAddressIsExplained(Class<?> wanting) {
        FailureAnalysis analysis = startUpFailure(MessageContexts.messaging().withBean(wanting));

        assertThat(analysis.getDescription())
                .startsWith("Parameter 0 of constructor in " + wanting.getName())
                .endsWith("needs a shmipc client, but shmipc.client.address is not set.");
        assertThat(analysis.getAction()).contains("unix:/run/app/shmipc.sock", "ShmipcConnectionDetails", "@Qualifier");
    }

    @Test
    void aNamedClientThatDoesNotExistIsExplained() {
        FailureAnalysis analysis = startUpFailure(
                MessageContexts.messaging().withBean(WantsOrders.class), "shmipc.client.address=/nowhere/s.sock");

        assertThat(analysis.getDescription()).endsWith("but shmipc.clients.orders.address is not set.");
    }

    @Test
    void aClientThatIsWantedAndSwitchedOffIsExplained() {
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("shmipc.client.enabled", "false")));

        FailureAnalysis analysis = startUpFailure(
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
        FailureAnalysis analysis = startUpFailure(MessageContexts.messaging().withBean(WantsPath.class));

        assertThat(analysis.getDescription())
                .contains("required a bean of type 'java.nio.file.Path'")
                .doesNotContain("shmipc client");
    }

    @Test
    void anInterfaceWhoseClientHasNoAddressIsExplained() {
        FailureAnalysis analysis = startUpFailure(MessageContexts.messaging().withUserConfiguration(Imports.class));

        assertThat(analysis.getDescription())
                .isEqualTo("The application needs a shmipc client, but shmipc.client.address is not set.");
    }

    @Test
    void anInterfaceThatNamesNoClientThatExistsIsExplained() {
        FailureAnalysis analysis = startUpFailure(
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
        FailureAnalysis payloads = startUpFailure(
                MessageContexts.messaging().withUserConfiguration(ImportsTwoPayloads.class),
                "shmipc.client.address=/nowhere/s.sock");
        assertThat(payloads.getDescription())
                .isEqualTo("@ShmipcExchange method TwoPayloads.call has two payloads, but a message has one.");
        assertThat(payloads.getAction()).contains("@Header");

        FailureAnalysis timeout = startUpFailure(
                MessageContexts.messaging().withUserConfiguration(ImportsBadTimeout.class),
                "shmipc.client.address=/nowhere/s.sock",
                "test.timeout=soon");
        assertThat(timeout.getDescription())
                .isEqualTo("@ShmipcExchange method BadTimeout.call has the timeout 'soon', which is no duration.");
        assertThat(timeout.getAction()).isEqualTo("Write it as 500ms, 10s or 2m.");
    }

    private static Origin named(String place) {
        return new Origin() {
            @Override
            public String toString() {
                return place;
            }
        };
    }

    private FailureAnalysis startUpFailure(String... properties) {
        return startUpFailure(Contexts.everything(), properties);
    }

    private FailureAnalysis startUpFailure(ApplicationContextRunner runner, String... properties) {
        Throwable[] failure = new Throwable[1];
        runner.withPropertyValues(properties).run(context -> failure[0] = context.getStartupFailure());
        return analyze(Objects.requireNonNull(failure[0], "start-up did not fail"));
    }

    private FailureAnalysis analyze(Throwable failure) {
        Throwable asBootSeesIt = new BeanCreationException("someBean", "Factory method failed", failure);
        ArgumentResolver arguments = ArgumentResolver.of(BeanFactory.class, new DefaultListableBeanFactory())
                .and(Environment.class, environment);
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, arguments, LEAVE_OUT)
                .stream()
                .map(analyzer -> analyzer.analyze(asBootSeesIt))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody explains", failure));
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

    static class Handler {
        @ShmipcListener
        void onData(Stream stream) {}
    }
}
