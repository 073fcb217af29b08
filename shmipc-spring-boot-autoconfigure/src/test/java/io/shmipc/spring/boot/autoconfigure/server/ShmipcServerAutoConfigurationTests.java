package io.shmipc.spring.boot.autoconfigure.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.AddressException;
import io.shmipc.BackPressure;
import io.shmipc.ListenCallback;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.WaitStrategies;
import io.shmipc.server.AccessPolicy;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import io.shmipc.spring.annotation.InvalidDeclarationException;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.InvalidShmipcPropertyException;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerDefinition;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Timeout(30)
class ShmipcServerAutoConfigurationTests {

    @TempDir
    Path directory;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ShmipcServerAutoConfiguration.class));

    @Test
    void thereIsNoListenerWithoutAnAddress() {
        runner.run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(ListenerConfig.class);
            assertThat(registry(context).containers()).isEmpty();
        });
    }

    @Test
    void listensForTheMethodThatServesTheAddress() {
        withServer().run(context -> {
            ListenerContainer server = server(context);
            assertThat(server.isRunning()).isTrue();
            assertThat(server.address()).isEqualTo(ShmipcAddress.unix(socket()));
            assertThat(server.sessions()).isEmpty();
        });
    }

    @Test
    void nothingListensWhileNoMethodServesTheAddress() {
        withAddress().run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(server(context).isRunning()).isFalse();
            assertThat(keepAliveThreads()).isZero();
        });
    }

    @Test
    void aMethodWithoutAnAddressToListenOnIsRefused() {
        runner.withBean(Handler.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .isInstanceOf(InvalidDeclarationException.class)
                        .hasMessageContaining("shmipc.server.address"));
    }

    @Test
    void theServerCanBeSwitchedOffTogetherWithItsMethods() {
        withServer()
                .withPropertyValues("shmipc.server.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ShmipcListenerRegistry.class));
    }

    @Test
    void thereIsNoServerWithoutTheEngine() {
        withServer()
                .withClassLoader(new FilteredClassLoader(Listener.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ShmipcListenerRegistry.class));
    }

    @Test
    void theContextCanBeStoppedAndStartedAgain() {
        withServer().run(context -> {
            ConfigurableApplicationContext restartable =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);
            restartable.stop();
            assertThat(server(context).isRunning()).isFalse();
            restartable.start();
            assertThat(server(context).isRunning()).isTrue();
        });
    }

    @Test
    void startingAndStoppingTwiceDoesNothingMore() {
        withServer().run(context -> {
            registry(context).start();
            assertThat(server(context).isRunning()).isTrue();
            registry(context).stop();
            registry(context).stop();
            assertThat(server(context).isRunning()).isFalse();
        });
    }

    @Test
    void aThreadKeepsAnApplicationUpThatOnlyListens() {
        withServer().run(context -> assertThat(keepAliveThreads()).isEqualTo(1));

        Awaitility.await().untilAsserted(() -> assertThat(keepAliveThreads()).isZero());
    }

    @Test
    void aListenerThatIsStartedByHandKeepsTheApplicationUpAlsoWhileItPauses() {
        withAddress().withBean(ManualHandler.class).run(context -> {
            assertThat(keepAliveThreads()).isZero();

            server(context).start();
            assertThat(keepAliveThreads()).isEqualTo(1);
            server(context).stop();
            assertThat(keepAliveThreads()).isEqualTo(1);
            server(context).start();
            assertThat(keepAliveThreads()).isEqualTo(1);

            registry(context).stop();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(keepAliveThreads()).isZero());
            server(context).start();
            assertThat(keepAliveThreads()).isEqualTo(1);
        });

        Awaitility.await().untilAsserted(() -> assertThat(keepAliveThreads()).isZero());
    }

    @Test
    void anAddressInUseFailsStartUpAndLeavesNothingRunning() {
        ListenCallback callback = Stream::close;
        try (Listener other = new Listener(
                callback, ListenerConfig.builder(ShmipcAddress.unix(socket())).build())) {
            other.start();

            withServer()
                    .run(context -> assertThat(context)
                            .getFailure()
                            .hasStackTraceContaining(AddressException.class.getName() + ": ")
                            .hasStackTraceContaining(socket().toString()));
            assertThat(other.isRunning()).isTrue();
            assertThat(keepAliveThreads()).isZero();
        }
    }

    @Test
    void propertiesThatAreNotSetHaveTheEnginesDefaults() {
        withAddress()
                .run(context -> assertThat(context.getBean(ListenerConfig.class))
                        .usingRecursiveComparison()
                        .ignoringFields("config.callbackExecutor")
                        .isEqualTo(ListenerConfig.builder(ShmipcAddress.unix(socket()))
                                .build()));
    }

    @Test
    void everyPropertyReachesTheConfiguration() {
        withAddress()
                .withPropertyValues(
                        "shmipc.server.backlog=2",
                        "shmipc.server.max-sessions=3",
                        "shmipc.server.max-streams-per-session=4",
                        "shmipc.server.max-handshakes=5",
                        "shmipc.server.connection-write-timeout=6s",
                        "shmipc.server.initialize-timeout=7s",
                        "shmipc.server.monitor-interval=8s",
                        "shmipc.server.circuit-breaker-interval=9s",
                        "shmipc.server.take-over=true",
                        "shmipc.server.socket-mode=660",
                        "shmipc.server.socket-group=0",
                        "shmipc.server.access.user-ids=1,2",
                        "shmipc.server.access.group-ids=3",
                        "shmipc.server.access.directories=/dev/shm/a",
                        "shmipc.server.access.max-memory=64MB",
                        "shmipc.server.access.require-seals=true",
                        "shmipc.server.wait-strategy=park",
                        "shmipc.server.back-pressure=block",
                        "shmipc.server.back-pressure-timeout=11s",
                        "shmipc.server.write-buffer=12MB",
                        "shmipc.server.unread-fallback=13MB",
                        "shmipc.server.callback-execution=inline")
                .run(context -> {
                    ListenerConfig listener = context.getBean(ListenerConfig.class);
                    assertThat(listener.backlog()).isEqualTo(2);
                    assertThat(listener.maxSessions()).isEqualTo(3);
                    assertThat(listener.maxStreamsPerSession()).isEqualTo(4);
                    assertThat(listener.maxHandshakes()).isEqualTo(5);
                    assertThat(listener.takeOver()).isTrue();
                    assertThat(listener.socketMode()).isEqualTo(0660);
                    assertThat(listener.socketGroup()).isEqualTo("0");
                    AccessPolicy access = listener.accessPolicy();
                    assertThat(access.userIds()).containsExactlyInAnyOrder(1, 2);
                    assertThat(access.groupIds()).containsExactly(3);
                    assertThat(access.directories()).containsExactly(Path.of("/dev/shm/a"));
                    assertThat(access.maxMemoryBytes()).isEqualTo(64 << 20);
                    assertThat(access.requireSeals()).isTrue();
                    ShmipcConfig session = listener.config();
                    assertThat(session.circuitBreakerInterval()).isEqualTo(Duration.ofSeconds(9));
                    assertThat(session.connectionWriteTimeout()).isEqualTo(Duration.ofSeconds(6));
                    assertThat(session.initializeTimeout()).isEqualTo(Duration.ofSeconds(7));
                    assertThat(session.monitorInterval()).isEqualTo(Duration.ofSeconds(8));
                    assertThat(session.waitStrategy()).isEqualTo(WaitStrategies.PARK);
                    assertThat(session.backPressure()).isEqualTo(BackPressure.BLOCK);
                    assertThat(session.backPressureTimeout()).isEqualTo(Duration.ofSeconds(11));
                    assertThat(session.writeBufferBytes()).isEqualTo(12 << 20);
                    assertThat(session.unreadFallbackBytes()).isEqualTo(13 << 20);
                    Thread[] caller = new Thread[1];
                    Objects.requireNonNull(session.callbackExecutor())
                            .execute(() -> caller[0] = Thread.currentThread());
                    assertThat(caller[0]).isSameAs(Thread.currentThread());
                });
    }

    @Test
    void aRefusedValueNamesItsProperty() {
        assertRefused("address", "tcp:localhost:70000");
        assertRefused("max-sessions", "0");
        assertRefused("connection-write-timeout", "-1s");
        assertRefused("access.max-memory", "3GB");
        assertRefused("access.directories", "memory");
        assertRefused("access.directories", "/dev/shm,,/tmp");
        assertRefused("socket-group", "no-such-group");
        assertRefused("grace-period", "-1s");
    }

    @ParameterizedTest
    @CsvSource({"660,660", "0660,660", "rw-rw----,660", "777,777", "rwx------,700"})
    void aSocketModeIsDigitsOrLetters(String text, String octal) {
        withAddress()
                .withPropertyValues("shmipc.server.socket-mode=" + text)
                .run(context -> assertThat(context.getBean(ListenerConfig.class).socketMode())
                        .isEqualTo(Integer.parseInt(octal, 8)));
    }

    /** YAML makes 432 of an unquoted 0660, and 384 of 0600. */
    @ParameterizedTest
    @ValueSource(strings = {"432", "384", "6600", "66", "rw-rw-", "rwrwrwrwr", "anyone"})
    void aSocketModeThatWouldLockTheOwnerOutIsRefused(String text) {
        assertRefused("socket-mode", text);
    }

    @Test
    void customizersHaveTheLastWord() {
        withAddress()
                .withPropertyValues("shmipc.server.backlog=2")
                .withBean(ListenerConfigCustomizer.class, () -> (listener, session) -> {
                    listener.backlog(9);
                    session.initializeTimeout(Duration.ofSeconds(3));
                })
                .run(context -> {
                    ListenerConfig config = context.getBean(ListenerConfig.class);
                    assertThat(config.backlog()).isEqualTo(9);
                    assertThat(config.config().initializeTimeout()).isEqualTo(Duration.ofSeconds(3));
                });
    }

    @Test
    void theApplicationsOwnConfigurationIsUsed() {
        ListenerConfig own =
                ListenerConfig.builder(ShmipcAddress.unix(socket())).build();

        runner.withBean(Handler.class)
                .withBean(ListenerConfig.class, () -> own)
                .run(context -> assertThat(server(context).isRunning()).isTrue());
    }

    @Test
    void aDefinitionBeanMakesAnotherListenerWithMethodsOfItsOwn() {
        withServer()
                .withUserConfiguration(AdminListener.class)
                .withBean("handler2", AdminHandler.class)
                .run(context -> {
                    assertThat(registry(context).containers())
                            .extracting(ListenerContainer::name)
                            .containsExactlyInAnyOrder("server", "admin");
                    assertThat(registry(context).containers()).allMatch(ListenerContainer::isRunning);
                });
    }

    private void assertRefused(String property, String value) {
        String name = "shmipc.server." + property;
        withAddress()
                .withPropertyValues(name + "=" + value)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(
                                InvalidShmipcPropertyException.class.getName() + ": " + name + " is "));
    }

    private ApplicationContextRunner withServer() {
        return withAddress().withBean("handler", Handler.class);
    }

    private ApplicationContextRunner withAddress() {
        return runner.withPropertyValues("shmipc.server.address=" + socket())
                .withBean("directory", Path.class, () -> directory);
    }

    private Path socket() {
        return directory.resolve("server.sock");
    }

    private static ShmipcListenerRegistry registry(ConfigurableApplicationContext context) {
        return context.getBean(ShmipcListenerRegistry.class);
    }

    private static ListenerContainer server(ConfigurableApplicationContext context) {
        return Objects.requireNonNull(registry(context).container("server"));
    }

    private static long keepAliveThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("shmipc-keep-alive") && !thread.isDaemon())
                .count();
    }

    static class Handler {
        @ShmipcListener
        void onData(Stream stream) {}
    }

    static class ManualHandler {
        @ShmipcListener(autoStartup = "false")
        void onData(Stream stream) {}
    }

    static class AdminHandler {
        @ShmipcListener(listener = "admin")
        void onData(Stream stream) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class AdminListener {

        @Bean
        ListenerDefinition adminListener(Path directory) {
            return new ListenerDefinition(
                    "admin",
                    ListenerConfig.builder(ShmipcAddress.unix(directory.resolve("admin.sock")))
                            .build());
        }
    }
}
