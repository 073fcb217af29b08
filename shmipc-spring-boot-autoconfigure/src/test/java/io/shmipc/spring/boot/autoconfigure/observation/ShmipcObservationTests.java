package io.shmipc.spring.boot.autoconfigure.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shmipc.Session;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.Contexts;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcTemplateAutoConfiguration;
import io.shmipc.spring.client.CallObserver;
import io.shmipc.spring.client.ShmipcRemoteException;
import io.shmipc.spring.client.ShmipcTemplate;
import io.shmipc.spring.listener.MessageHandlerInterceptor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

/** What calls and message methods are measured by; the trace over two processes has a test of its own. */
@Timeout(60)
class ShmipcObservationTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        Path socket = directory.resolve("s.sock");
        return Contexts.everything()
                .withConfiguration(AutoConfigurations.of(
                        ShmipcTemplateAutoConfiguration.class,
                        ShmipcObservationAutoConfiguration.class,
                        ObservationAutoConfiguration.class,
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class))
                .withPropertyValues(
                        "shmipc.server.address=" + socket,
                        "shmipc.client.address=" + socket,
                        "shmipc.client.rebuild-interval=5ms",
                        "shmipc.client.buffer-capacity=4MB")
                .withBean(SimpleMeterRegistry.class)
                .withBean(Greetings.class);
    }

    @Test
    void callsAndMessageMethodsAreTimedByTheirRoutes() {
        runner().run(context -> {
            ShmipcTemplate template = template(context);

            assertThat(template.convertSendAndReceive("greet", "Ada", String.class))
                    .isEqualTo("Hello, Ada");

            Timer call = timer(context, "shmipc.call", "client", "shmipc", "route", "greet", "error", "none");
            assertThat(call.count()).isEqualTo(1);
            assertThat(call.takeSnapshot().percentileValues())
                    .extracting(ValueAtPercentile::percentile)
                    .containsExactly(0.5, 0.95, 0.99);
            Timer handle = timer(context, "shmipc.handle", "listener", "server", "route", "greet", "error", "none");
            assertThat(handle.count()).isEqualTo(1);
            Timer callbacks = timer(context, "shmipc.listener.callbacks", "name", "server", "role", "server");
            Awaitility.await().until(() -> callbacks.count() > 0);
        });
    }

    @Test
    void failuresAreToldByTheErrorTag() {
        runner().run(context -> {
            ShmipcTemplate template = template(context);

            assertThatExceptionOfType(ShmipcRemoteException.class)
                    .isThrownBy(() -> template.convertSendAndReceive("fail", "now", String.class));
            assertThatExceptionOfType(ShmipcRemoteException.class)
                    .isThrownBy(() -> template.convertSendAndReceive("fail", "later", String.class));

            assertThat(timer(context, "shmipc.call", "route", "fail", "error", "ShmipcRemoteException")
                            .count())
                    .isEqualTo(2);
            assertThat(timer(context, "shmipc.handle", "route", "fail", "error", "IllegalStateException")
                            .count())
                    .isEqualTo(2);
        });
    }

    @Test
    void theCatalogueNamesTheKeysOfTheDefaultConventions() {
        ShmipcCallContext call = new ShmipcCallContext("shmipc", "", new HashMap<>());

        assertThat(new DefaultShmipcCallObservationConvention().getLowCardinalityKeyValues(call))
                .extracting(keyValue -> keyValue.getKey() + "=" + keyValue.getValue())
                .containsExactly("client=shmipc", "route=none");
        assertThat(Arrays.stream(ShmipcObservation.CALL.getLowCardinalityKeyNames())
                        .map(key -> key.asString()))
                .containsExactly("client", "route");
        assertThat(Arrays.stream(ShmipcObservation.HANDLE.getLowCardinalityKeyNames())
                        .map(key -> key.asString()))
                .containsExactly("listener", "route");
    }

    @Test
    void aConventionBeanTakesTheDefaultsPlace() {
        runner().withBean(ShmipcCallObservationConvention.class, OwnConvention::new)
                .run(context -> {
                    template(context).convertSendAndReceive("greet", "Ada", String.class);
                    assertThat(timer(context, "own.calls").count()).isEqualTo(1);
                });
    }

    @Test
    void observationAndPercentilesCanBeSwitchedOff() {
        runner().withPropertyValues("shmipc.observation.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(CallObserver.class)
                        .doesNotHaveBean(MessageHandlerInterceptor.class));
        runner().withPropertyValues("shmipc.metrics.percentiles=").run(context -> {
            template(context).convertSendAndReceive("greet", "Ada", String.class);
            assertThat(timer(context, "shmipc.call").takeSnapshot().percentileValues())
                    .isEmpty();
        });
    }

    @Test
    void nothingIsObservedWithoutARegistryOrTheLibrary() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ShmipcObservationAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CallObserver.class));
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .withUserConfiguration(WithoutMicrometer.class)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CallObserver.class));
    }

    private static ShmipcTemplate template(ApplicationContext context) {
        SessionManager sessions = context.getBean(SessionManager.class);
        Awaitility.await().until(() -> sessions.sessions().stream().anyMatch(Session::isHealthy));
        return context.getBean(ShmipcTemplate.class);
    }

    private static Timer timer(ApplicationContext context, String name, String... tags) {
        return Awaitility.await()
                .ignoreExceptions()
                .until(
                        () -> context.getBean(MeterRegistry.class)
                                .get(name)
                                .tags(tags)
                                .timer(),
                        found -> found != null);
    }

    static final class Greetings {

        @ShmipcListener(route = "greet")
        String greet(String name) {
            return "Hello, " + name;
        }

        @ShmipcListener(route = "fail")
        CompletableFuture<String> fail(String when) {
            if (when.equals("now")) {
                throw new IllegalStateException("now");
            }
            return CompletableFuture.failedFuture(new IllegalStateException(when));
        }
    }

    static final class OwnConvention implements ShmipcCallObservationConvention {
        @Override
        public String getName() {
            return "own.calls";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ShmipcObservationAutoConfiguration.class)
    static class WithoutMicrometer {}
}
