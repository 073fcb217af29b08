package io.shmipc.spring.boot.autoconfigure.availability;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.Contexts;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerState;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

@Timeout(60)
class ReadinessFollowerTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return available(Contexts.clientAndServer(directory));
    }

    private static ApplicationContextRunner available(ApplicationContextRunner runner) {
        return runner.withConfiguration(AutoConfigurations.of(ApplicationAvailabilityAutoConfiguration.class));
    }

    @Test
    void trafficIsRefusedWhileAListenerIsStopped() {
        runner().run(context -> {
            ready(context);
            ShmipcListenerRegistry registry = context.getBean(ShmipcListenerRegistry.class);

            registry.stop();
            assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
            registry.start();
            assertThat(readiness(context)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
        });
    }

    @Test
    void trafficIsRefusedWhileAListenerDrains() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        available(Contexts.clientAndSlowServer(directory, new Contexts.Slow(entered, mayAnswer)))
                .run(context -> {
                    ready(context);
                    ShmipcListenerRegistry registry = context.getBean(ShmipcListenerRegistry.class);
                    awaitSession(registry);
                    context.getBean(SessionManager.class).execute(stream -> {
                        stream.bufferWriter().writeLong(1);
                        stream.flush();
                        return stream;
                    });
                    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
                    CountDownLatch stopped = new CountDownLatch(1);

                    registry.stop(stopped::countDown);

                    Awaitility.await().until(() -> readiness(context) == ReadinessState.REFUSING_TRAFFIC);
                    assertThat(server(registry).state()).isEqualTo(ListenerState.DRAINING);
                    mayAnswer.countDown();
                    assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
                });
    }

    @Test
    void trafficIsRefusedWhileAListenerRestartsAndAcceptedWhenThatHasFailed() {
        runner().withPropertyValues("shmipc.server.grace-period=10ms").run(context -> {
            ready(context);
            ShmipcListenerRegistry registry = context.getBean(ShmipcListenerRegistry.class);
            awaitSession(registry);
            try (ServerSocketChannel successor = Contexts.deafSuccessor(directory.resolve("s.sock"))) {
                assertThat(successor.isOpen()).isTrue();
                server(registry).hotRestart();

                assertThat(server(registry).state()).isEqualTo(ListenerState.RESTARTING);
                assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
                Awaitility.await().until(() -> readiness(context) == ReadinessState.ACCEPTING_TRAFFIC);
                assertThat(server(registry).state()).isEqualTo(ListenerState.RUNNING);
            }
        });
    }

    private static void awaitSession(ShmipcListenerRegistry registry) {
        Awaitility.await().until(() -> server(registry).sessions().stream().anyMatch(Session::isHealthy));
    }

    private static ListenerContainer server(ShmipcListenerRegistry registry) {
        return Objects.requireNonNull(registry.container("server"));
    }

    @Test
    void aListenerThatWaitsToBeStartedHoldsNoTrafficUp() {
        available(Contexts.serverThatWaits(directory)).run(context -> {
            ready(context);
            ListenerContainer server = server(context.getBean(ShmipcListenerRegistry.class));
            assertThat(server.state()).isEqualTo(ListenerState.STOPPED);
            assertThat(readiness(context)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);

            server.start();
            assertThat(readiness(context)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
            server.stop();
            assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
        });
    }

    @Test
    void nothingIsSaidBeforeTheApplicationIsReady() {
        runner().run(context -> {
            context.getBean(ShmipcListenerRegistry.class).stop();
            context.getBean(ShmipcListenerRegistry.class).start();
            assertThat(context.getBean(ApplicationAvailability.class).getLastChangeEvent(ReadinessState.class))
                    .isNull();
        });
    }

    @Test
    void whatSomebodyElseRefusesStaysRefused() {
        runner().run(context -> {
            ready(context);
            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
            context.getBean(ShmipcListenerRegistry.class).stop();
            context.getBean(ShmipcListenerRegistry.class).start();

            assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
        });
    }

    @Test
    void clientsCountOnlyIfTheyAreAskedFor() {
        ApplicationContextRunner clientOnly = available(Contexts.everything())
                .withPropertyValues("shmipc.client.address=" + directory.resolve("s.sock"))
                .withPropertyValues("shmipc.client.max-rebuild-interval=50ms");
        clientOnly.run(context -> {
            ready(context);
            assertThat(readiness(context)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
        });
        clientOnly.withPropertyValues("shmipc.readiness.include-clients=true").run(context -> {
            ready(context);
            assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
            Contexts.clientAndServer(directory)
                    .withPropertyValues("shmipc.client.enabled=false")
                    .run(server ->
                            Awaitility.await().until(() -> readiness(context) == ReadinessState.ACCEPTING_TRAFFIC));
            Awaitility.await().until(() -> readiness(context) == ReadinessState.REFUSING_TRAFFIC);
        });
    }

    @Test
    void trafficIsRefusedWhileTheBreakerOfAClientIsOpen() {
        runner().withPropertyValues(
                        "shmipc.readiness.include-clients=true",
                        "shmipc.client.buffer-capacity=1MB",
                        "shmipc.client.circuit-breaker-interval=3s")
                .run(context -> {
                    SessionManager sessions = context.getBean(SessionManager.class);
                    Awaitility.await().until(() -> sessions.sessions().stream().anyMatch(Session::isHealthy));
                    ready(context);
                    assertThat(readiness(context)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);

                    try (Stream greedy = sessions.getStream();
                            Stream other = sessions.getStream()) {
                        greedy.bufferWriter().writeBytes(new byte[600_000]);
                        other.bufferWriter().writeBytes(new byte[600_000]);
                        other.flush();
                    }

                    Awaitility.await().until(() -> readiness(context) == ReadinessState.REFUSING_TRAFFIC);
                    Awaitility.await().until(() -> readiness(context) == ReadinessState.ACCEPTING_TRAFFIC);
                });
    }

    @Test
    void readinessCanBeLeftAlone() {
        runner().withPropertyValues("shmipc.readiness.enabled=false").run(context -> {
            ready(context);
            context.getBean(ShmipcListenerRegistry.class).stop();
            assertThat(readiness(context)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
        });
    }

    /** As Spring Boot does when the application has started. */
    private static void ready(ApplicationContext context) {
        AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
    }

    private static ReadinessState readiness(ApplicationContext context) {
        return context.getBean(ApplicationAvailability.class).getReadinessState();
    }
}
