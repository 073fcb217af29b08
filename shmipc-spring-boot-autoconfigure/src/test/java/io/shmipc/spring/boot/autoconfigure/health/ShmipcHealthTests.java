package io.shmipc.spring.boot.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.spring.boot.autoconfigure.Contexts;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.metrics.ShmipcMetricsAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerState;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.MapAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

@Timeout(60)
class ShmipcHealthTests {

    @TempDir
    Path directory;

    @Test
    void bothSidesAreUpOnceTheyAreConnected() {
        Contexts.clientAndServer(directory).run(context -> {
            Awaitility.await().until(() -> client(context).getStatus().equals(Status.UP));
            assertThat(client(context).getDetails())
                    .containsEntry("address", "unix:" + directory.resolve("s.sock"))
                    .containsEntry("healthySessions", 1L);
            assertDescribesOneSession(client(context).getDetails().get("sessions"));

            assertThat(server(context).getStatus()).isEqualTo(Status.UP);
            assertThat(server(context).getDetails().get("server"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .containsEntry("state", ListenerState.RUNNING)
                    .containsEntry("openSessions", 1)
                    .hasEntrySatisfying("sessions", ShmipcHealthTests::assertDescribesOneSession);
        });
    }

    @Test
    void bothSidesAreDownWhenTheServerStopped() {
        Contexts.clientAndServer(directory).run(context -> {
            Awaitility.await().until(() -> client(context).getStatus().equals(Status.UP));

            context.getBean(ShmipcListenerRegistry.class).stop();

            Awaitility.await().until(() -> client(context).getStatus().equals(Status.DOWN));
            assertThat(server(context).getStatus()).isEqualTo(Status.DOWN);
        });
    }

    @Test
    void aClientThatNeverFoundItsServerIsDownAndNamesTheAddress() {
        Contexts.everything()
                .withPropertyValues("shmipc.client.address=/nowhere/s.sock")
                .run(context -> {
                    assertThat(client(context).getStatus()).isEqualTo(Status.DOWN);
                    assertThat(client(context).getDetails()).containsEntry("address", "unix:/nowhere/s.sock");
                });
    }

    @Test
    void namedClientsArePartsOfTheHealth() {
        Contexts.everything()
                .withPropertyValues("shmipc.clients.a.address=/nowhere/a", "shmipc.clients.b.address=/nowhere/b")
                .run(context -> assertThat(
                                context
                                        .getBean("shmipcClientHealthContributor", CompositeHealthContributor.class)
                                        .stream()
                                        .map(entry -> entry.name()))
                        .containsExactlyInAnyOrder("a", "b"));
    }

    @Test
    void aListenerThatDrainsIsOutOfService() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        Contexts.clientAndSlowServer(directory, new Contexts.Slow(entered, mayAnswer))
                .run(context -> {
                    Awaitility.await().until(() -> client(context).getStatus().equals(Status.UP));
                    context.getBean(SessionManager.class).execute(stream -> {
                        stream.bufferWriter().writeLong(1);
                        stream.flush();
                        return stream;
                    });
                    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

                    CountDownLatch stopped = new CountDownLatch(1);
                    context.getBean(ShmipcListenerRegistry.class).stop(stopped::countDown);

                    Awaitility.await().until(() -> server(context).getStatus().equals(Status.OUT_OF_SERVICE));
                    mayAnswer.countDown();
                    assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
                    assertThat(server(context).getStatus()).isEqualTo(Status.DOWN);
                });
    }

    @Test
    void aListenerThatRestartsIsOutOfService() {
        Contexts.clientAndServer(directory)
                .withPropertyValues("shmipc.server.grace-period=10ms")
                .run(context -> {
                    Awaitility.await().until(() -> client(context).getStatus().equals(Status.UP));
                    ListenerContainer listener = Objects.requireNonNull(
                            context.getBean(ShmipcListenerRegistry.class).container("server"));
                    Awaitility.await().until(() -> !listener.sessions().isEmpty());
                    try (ServerSocketChannel successor = Contexts.deafSuccessor(directory.resolve("s.sock"))) {
                        assertThat(successor.isOpen()).isTrue();
                        listener.hotRestart();

                        assertThat(server(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                        assertThat(server(context).getDetails().get("server"))
                                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                                .containsEntry("state", ListenerState.RESTARTING);
                    }
                });
    }

    @Test
    void aClientWhoseSessionsRanOutOfMemoryIsDownAndTellsOfTheirBreaker() {
        Contexts.clientAndServer(directory)
                .withPropertyValues("shmipc.client.buffer-capacity=1MB")
                .run(context -> {
                    Awaitility.await().until(() -> client(context).getStatus().equals(Status.UP));
                    SessionManager sessions = context.getBean(SessionManager.class);
                    try (Stream greedy = sessions.getStream();
                            Stream other = sessions.getStream()) {
                        greedy.bufferWriter().writeBytes(new byte[600_000]);
                        other.bufferWriter().writeBytes(new byte[600_000]);
                        other.flush();
                    }

                    assertThat(client(context).getStatus()).isEqualTo(Status.DOWN);
                    assertThat(client(context).getDetails()).containsEntry("healthySessions", 0L);
                    assertThatOnlySession(client(context).getDetails().get("sessions"))
                            .containsEntry("healthy", false)
                            .containsEntry("breaker", "open");
                });
    }

    @Test
    void aListenerThatNoMethodServesIsUnknown() {
        Contexts.everything()
                .withPropertyValues("shmipc.server.address=" + directory.resolve("s.sock"))
                .run(context -> assertThat(server(context).getStatus()).isEqualTo(Status.UNKNOWN));
    }

    @Test
    void aListenerThatWaitsToBeStartedIsUnknownAndDownOnlyAfterThat() {
        Contexts.serverThatWaits(directory).run(context -> {
            assertThat(server(context).getStatus()).isEqualTo(Status.UNKNOWN);
            ListenerContainer listener = Objects.requireNonNull(
                    context.getBean(ShmipcListenerRegistry.class).container("server"));

            listener.start();
            assertThat(server(context).getStatus()).isEqualTo(Status.UP);
            listener.stop();
            assertThat(server(context).getStatus()).isEqualTo(Status.DOWN);
        });
    }

    @Test
    void severalSessionManagersMakeOneContributor() {
        Contexts.everything()
                .withBean("one", SessionManager.class, ShmipcHealthTests::unconnected)
                .withBean("other", SessionManager.class, ShmipcHealthTests::unconnected)
                .run(context -> {
                    HealthContributor contributor =
                            context.getBean("shmipcClientHealthContributor", HealthContributor.class);
                    assertThat(contributor).isInstanceOf(CompositeHealthContributor.class);
                    assertThat(((CompositeHealthContributor) contributor)
                                    .stream().map(entry -> entry.name()))
                            .containsExactlyInAnyOrder("one", "other");
                });
    }

    @Test
    void healthCanBeSwitchedOff() {
        Contexts.clientAndServer(directory)
                .withPropertyValues("management.health.shmipc.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthContributor.class));
    }

    @Test
    void thereIsNoHealthWithoutClientAndServer() {
        Contexts.everything()
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthContributor.class));
    }

    @Test
    void applicationsStartWithoutActuatorAndMicrometer() {
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("shmipc.client.address=/nowhere/s.sock")
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health", "io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(SessionManager.class)
                        .doesNotHaveBean("shmipcClientHealthContributor"));
    }

    @Test
    void theApplicationsOwnContributorsAreUsed() {
        HealthIndicator own = () -> Health.up().build();
        Contexts.clientAndServer(directory)
                .withBean("shmipcClientHealthContributor", HealthContributor.class, () -> own)
                .withBean("shmipcServerHealthIndicator", HealthContributor.class, () -> own)
                .run(context -> assertThat(context.getBeansOfType(HealthContributor.class))
                        .hasSize(2)
                        .containsValue(own)
                        .doesNotContainKey("shmipcServerHealthContributor"));
    }

    private static MapAssert<String, Object> assertThatOnlySession(Object sessions) {
        return assertThat(sessions)
                .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class));
    }

    private static void assertDescribesOneSession(Object sessions) {
        assertThatOnlySession(sessions)
                .containsKeys("id", "healthy", "streams", "memoryUsedBytes", "memoryCapacityBytes")
                .containsEntry("healthy", true)
                .containsEntry("breaker", "closed");
    }

    private static Health client(ApplicationContext context) {
        return health(context, "shmipcClientHealthContributor");
    }

    private static Health server(ApplicationContext context) {
        return health(context, "shmipcServerHealthContributor");
    }

    private static Health health(ApplicationContext context, String bean) {
        return Objects.requireNonNull(
                context.getBean(bean, HealthIndicator.class).health());
    }

    private static SessionManager unconnected() {
        return SessionManager.open(SessionManagerConfig.builder(ShmipcAddress.parse("/nowhere/s.sock"))
                .connectLazily(true)
                .build());
    }

    /** Classes that need what is absent are left out as in a real application: before they are looked at. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ShmipcClientAutoConfiguration.class,
        ShmipcServerAutoConfiguration.class,
        ShmipcClientHealthContributorAutoConfiguration.class,
        ShmipcServerHealthContributorAutoConfiguration.class,
        ShmipcMetricsAutoConfiguration.class
    })
    static class Application {}
}
