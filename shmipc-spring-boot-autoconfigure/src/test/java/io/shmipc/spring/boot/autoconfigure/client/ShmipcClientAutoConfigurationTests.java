package io.shmipc.spring.boot.autoconfigure.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.BackPressure;
import io.shmipc.ConnectException;
import io.shmipc.MemoryType;
import io.shmipc.Monitor;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.SliceSize;
import io.shmipc.WaitStrategies;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.spring.Stubs;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** No server listens here: what connects is tested with the round trip. */
@Timeout(30)
class ShmipcClientAutoConfigurationTests {

    @TempDir
    Path directory;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ShmipcClientAutoConfiguration.class));

    @Test
    void thereIsNoClientWithoutAnAddress() {
        runner.run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(SessionManager.class)
                .doesNotHaveBean(SessionManagerConfig.class)
                .doesNotHaveBean(ShmipcConnectionDetails.class));
    }

    @Test
    void anAddressMakesAClientThatStartsBeforeItsServer() {
        withAddress().run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(SessionManager.class);
            SessionManager manager = context.getBean(SessionManager.class);
            assertThat(manager.config().address()).isEqualTo(ShmipcAddress.unix(socket()));
            assertThat(manager.config().connectLazily()).isTrue();
            assertThat(manager.sessions()).noneMatch(session -> session.isHealthy());
        });
    }

    @Test
    void aClientThatIsToFailFastDoesNotStartBeforeItsServer() {
        withAddress()
                .withPropertyValues("shmipc.client.fail-fast=true")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(ConnectException.class.getName() + ": ")
                        .hasStackTraceContaining(socket().toString()));
    }

    @Test
    void theClientCanBeSwitchedOff() {
        withAddress()
                .withPropertyValues("shmipc.client.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(SessionManager.class));
    }

    @Test
    void thereIsNoClientWithoutTheEngine() {
        withAddress()
                .withClassLoader(new FilteredClassLoader(SessionManager.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ShmipcConnectionDetails.class));
    }

    @Test
    void theClientIsClosedWithItsContext() {
        AtomicReference<SessionManager> manager = new AtomicReference<>();

        withAddress().run(context -> manager.set(context.getBean(SessionManager.class)));

        assertThat(manager.get().isClosed()).isTrue();
    }

    @Test
    void propertiesThatAreNotSetHaveTheEnginesDefaults() {
        withAddress().run(context -> {
            SessionManagerConfig actual = context.getBean(SessionManagerConfig.class);
            SessionManagerConfig engine =
                    SessionManagerConfig.builder(ShmipcAddress.unix(socket())).build();
            assertThat(actual)
                    .usingRecursiveComparison()
                    .ignoringFields("config.callbackExecutor", "connectLazily")
                    .isEqualTo(engine);
        });
    }

    @Test
    void everyPropertyReachesTheConfiguration() {
        withAddress()
                .withPropertyValues(
                        "shmipc.client.memory-type=file",
                        "shmipc.client.path-prefix=" + directory.resolve("prefix"),
                        "shmipc.client.file-mode=rw-rw----",
                        "shmipc.client.buffer-capacity=4MB",
                        "shmipc.client.slice-sizes[0].size=4076B",
                        "shmipc.client.slice-sizes[0].percent=70",
                        "shmipc.client.slice-sizes[1].size=65516",
                        "shmipc.client.slice-sizes[1].percent=30",
                        "shmipc.client.queue-capacity=64",
                        "shmipc.client.sessions=2",
                        "shmipc.client.max-pooled-streams=3",
                        "shmipc.client.stream-max-idle-time=4s",
                        "shmipc.client.rebuild-interval=5ms",
                        "shmipc.client.max-rebuild-interval=6s",
                        "shmipc.client.circuit-breaker-interval=7s",
                        "shmipc.client.connection-write-timeout=8s",
                        "shmipc.client.initialize-timeout=9s",
                        "shmipc.client.monitor-interval=10s",
                        "shmipc.client.wait-strategy=busy-spin",
                        "shmipc.client.back-pressure=block",
                        "shmipc.client.back-pressure-timeout=11s",
                        "shmipc.client.write-buffer=12MB",
                        "shmipc.client.unread-fallback=13MB",
                        "shmipc.client.callback-execution=inline")
                .run(context -> {
                    SessionManagerConfig manager = context.getBean(SessionManagerConfig.class);
                    assertThat(manager.sessions()).isEqualTo(2);
                    assertThat(manager.maxPooledStreams()).isEqualTo(3);
                    assertThat(manager.streamMaxIdleTime()).isEqualTo(Duration.ofSeconds(4));
                    assertThat(manager.rebuildInterval()).isEqualTo(Duration.ofMillis(5));
                    assertThat(manager.maxRebuildInterval()).isEqualTo(Duration.ofSeconds(6));
                    ShmipcConfig session = manager.config();
                    assertThat(session.memoryType()).isEqualTo(MemoryType.FILE);
                    assertThat(session.fileMode()).isEqualTo(0660);
                    assertThat(session.pathPrefix())
                            .isEqualTo(directory.resolve("prefix").toString());
                    assertThat(session.regionBytes()).isEqualTo(4 << 20);
                    assertThat(session.sliceSizes()).containsExactly(new SliceSize(4076, 70), new SliceSize(65516, 30));
                    assertThat(session.queueCapacity()).isEqualTo(64);
                    assertThat(session.circuitBreakerInterval()).isEqualTo(Duration.ofSeconds(7));
                    assertThat(session.connectionWriteTimeout()).isEqualTo(Duration.ofSeconds(8));
                    assertThat(session.initializeTimeout()).isEqualTo(Duration.ofSeconds(9));
                    assertThat(session.monitorInterval()).isEqualTo(Duration.ofSeconds(10));
                    assertThat(session.waitStrategy()).isEqualTo(WaitStrategies.BUSY_SPIN);
                    assertThat(session.backPressure()).isEqualTo(BackPressure.BLOCK);
                    assertThat(session.backPressureTimeout()).isEqualTo(Duration.ofSeconds(11));
                    assertThat(session.writeBufferBytes()).isEqualTo(12 << 20);
                    assertThat(session.unreadFallbackBytes()).isEqualTo(13 << 20);
                    assertThat(threadOf(session.callbackExecutor())).isSameAs(Thread.currentThread());
                });
    }

    @Test
    void callbacksRunOnNamedDaemonThreads() {
        withAddress().run(context -> {
            Thread thread = threadOf(
                    context.getBean(SessionManagerConfig.class).config().callbackExecutor());
            assertThat(thread.getName()).startsWith("shmipc-callback-");
            assertThat(thread.isDaemon()).isTrue();
        });
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void callbacksRunOnVirtualThreadsIfTheApplicationWantsThem() {
        withAddress().withPropertyValues("spring.threads.virtual.enabled=true").run(context -> {
            Thread thread = threadOf(
                    context.getBean(SessionManagerConfig.class).config().callbackExecutor());
            assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
        });
    }

    @Test
    void aRefusedValueNamesItsProperty() {
        assertRefused("shmipc.client.address", "address=carrier-pigeon");
        assertRefused("shmipc.client.slice-sizes", "slice-sizes[0].size=1KB", "slice-sizes[0].percent=90");
        assertRefused("shmipc.client.slice-sizes", "slice-sizes[0].size=3GB", "slice-sizes[0].percent=100");
        assertRefused("shmipc.client.slice-sizes[0].size", "slice-sizes[0].percent=100");
        assertRefused("shmipc.client.buffer-capacity", "buffer-capacity=1KB");
        assertRefused("shmipc.client.queue-capacity", "queue-capacity=7");
        assertRefused("shmipc.client.sessions", "sessions=0");
        assertRefused("shmipc.client.initialize-timeout", "initialize-timeout=0s");
        assertRefused("shmipc.client.memory-type", "memory-type=memfd", "address=tcp:127.0.0.1:7070");
    }

    @Test
    void connectionDetailsTakeThePlaceOfTheAddress() {
        runner.withUserConfiguration(OwnConnectionDetails.class).run(context -> {
            assertThat(context).hasSingleBean(ShmipcConnectionDetails.class);
            assertThat(context.getBean(SessionManager.class).config().address())
                    .isEqualTo(ShmipcAddress.parse("/nowhere/own.sock"));
        });
        withAddress()
                .withUserConfiguration(OwnConnectionDetails.class)
                .run(context -> assertThat(
                                context.getBean(SessionManager.class).config().address())
                        .isEqualTo(ShmipcAddress.parse("/nowhere/own.sock")));
    }

    @Test
    void customizersHaveTheLastWordInTheirOrder() {
        withAddress()
                .withPropertyValues("shmipc.client.queue-capacity=64", "shmipc.client.sessions=2")
                .withUserConfiguration(Customizers.class)
                .run(context -> {
                    SessionManagerConfig config = context.getBean(SessionManagerConfig.class);
                    assertThat(config.sessions()).isEqualTo(4);
                    assertThat(config.config().queueCapacity()).isEqualTo(128);
                });
    }

    @Test
    void aMonitorBeanReceivesTheMetrics() {
        Monitor monitor = Stubs.of(Monitor.class, Map.of("flush", () -> null, "onEmitSessionMetrics", () -> null));

        withAddress()
                .withBean(Monitor.class, () -> monitor)
                .run(context -> assertThat(context.getBean(SessionManagerConfig.class)
                                .config()
                                .monitor())
                        .isSameAs(monitor));
    }

    @Test
    void theApplicationsOwnConfigurationIsUsed() {
        SessionManagerConfig own = SessionManagerConfig.builder(ShmipcAddress.parse("/nowhere/own.sock"))
                .connectLazily(true)
                .build();

        runner.withBean(SessionManagerConfig.class, () -> own)
                .run(context -> assertThat(context.getBean(SessionManager.class).config())
                        .isSameAs(own));
    }

    @Test
    void theApplicationsOwnSessionManagerIsUsed() {
        withAddress()
                .withBean(
                        "own",
                        SessionManager.class,
                        () -> SessionManager.open(SessionManagerConfig.builder(ShmipcAddress.parse("/nowhere/own.sock"))
                                .connectLazily(true)
                                .build()))
                .run(context ->
                        assertThat(context).hasSingleBean(SessionManager.class).hasBean("own"));
    }

    private void assertRefused(String property, String... values) {
        String[] full =
                List.of(values).stream().map(value -> "shmipc.client." + value).toArray(String[]::new);
        withAddress()
                .withPropertyValues(full)
                .run(context -> assertThat(context)
                        .getFailure()
                        .as(property)
                        .hasStackTraceContaining(
                                InvalidShmipcPropertyException.class.getName() + ": " + property + " is "));
    }

    private ApplicationContextRunner withAddress() {
        return runner.withPropertyValues("shmipc.client.address=" + socket());
    }

    private Path socket() {
        return directory.resolve("absent.sock");
    }

    private static Thread threadOf(Executor executor) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        CompletableFuture.runAsync(() -> thread.set(Thread.currentThread()), executor)
                .join();
        return thread.get();
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnConnectionDetails {

        @Bean
        ShmipcConnectionDetails connectionDetails() {
            return () -> ShmipcAddress.parse("/nowhere/own.sock");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        @Bean
        @Order(2)
        SessionManagerConfigCustomizer second() {
            return (manager, session) -> manager.sessions(4);
        }

        @Bean
        @Order(1)
        SessionManagerConfigCustomizer first() {
            return (manager, session) -> {
                manager.sessions(3);
                session.queueCapacity(128);
            };
        }
    }
}
