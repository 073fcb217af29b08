package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.availability.ShmipcAvailabilityAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcTemplateAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.endpoint.ShmipcEndpointAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.event.ShmipcEventAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.health.ShmipcClientHealthContributorAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.health.ShmipcServerHealthContributorAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.info.ShmipcInfoContributorAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.metrics.ShmipcMetricsAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.observation.ShmipcObservationAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import io.shmipc.spring.client.ShmipcTemplate;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** An application that lacks libraries starts all the same, and its calls work. */
@Timeout(60)
class OptionalLibrariesTests {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing.that.exists",
                "org.springframework.boot.health",
                "org.springframework.boot.actuate",
                "org.springframework.boot.micrometer",
                "io.micrometer.core",
                "io.micrometer.observation",
                "io.micrometer.tracing",
                "tools.jackson",
                "org.springframework.boot.health org.springframework.boot.actuate org.springframework.boot.micrometer "
                        + "io.micrometer tools.jackson"
            })
    void anApplicationStartsAndCallsWithout(String packages) {
        Path socket = directory.resolve("s.sock");
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withBean(Handler.class)
                .withPropertyValues(
                        "shmipc.server.address=" + socket,
                        "shmipc.client.address=" + socket,
                        "shmipc.client.rebuild-interval=5ms",
                        "shmipc.client.max-rebuild-interval=20ms",
                        "management.endpoints.web.exposure.include=*")
                .withClassLoader(new FilteredClassLoader(packages.split(" ")))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(ShmipcTemplate.class).convertSendAndReceive("up", "x", String.class))
                            .isEqualTo("X");
                });
    }

    /** All of ours, and none of Spring Boot's: those do not expect to lack a part of their own jar. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ShmipcAvailabilityAutoConfiguration.class,
        ShmipcClientAutoConfiguration.class,
        ShmipcTemplateAutoConfiguration.class,
        ShmipcEndpointAutoConfiguration.class,
        ShmipcEventAutoConfiguration.class,
        ShmipcClientHealthContributorAutoConfiguration.class,
        ShmipcServerHealthContributorAutoConfiguration.class,
        ShmipcInfoContributorAutoConfiguration.class,
        ShmipcMetricsAutoConfiguration.class,
        ShmipcObservationAutoConfiguration.class,
        ShmipcServerAutoConfiguration.class
    })
    static class Application {}

    static final class Handler {

        @ShmipcListener(route = "up")
        String up(String text) {
            return text.toUpperCase(Locale.ROOT);
        }
    }
}
