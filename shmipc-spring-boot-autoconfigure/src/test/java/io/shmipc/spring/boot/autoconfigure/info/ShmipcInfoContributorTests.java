package io.shmipc.spring.boot.autoconfigure.info;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.spring.boot.autoconfigure.Contexts;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

@Timeout(30)
class ShmipcInfoContributorTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return Contexts.clientAndServer(directory)
                .withConfiguration(AutoConfigurations.of(ShmipcInfoContributorAutoConfiguration.class));
    }

    @Test
    void namesClientsAndListenersWithoutAddresses() {
        runner().run(context -> {
            Info.Builder builder = new Info.Builder();
            context.getBean(ShmipcInfoContributor.class).contribute(builder);

            assertThat(builder.build().getDetails())
                    .containsOnlyKeys("shmipc")
                    .containsEntry(
                            "shmipc",
                            Map.of(
                                    "clients",
                                    Map.of(
                                            "shmipc",
                                            Map.of(
                                                    "network",
                                                    "unix",
                                                    "memoryType",
                                                    "memfd",
                                                    "bufferCapacityBytes",
                                                    4L << 20,
                                                    "sessions",
                                                    1)),
                                    "listeners",
                                    Map.of("server", Map.of("network", "unix"))));
        });
    }

    @Test
    void canBeSwitchedOffAndIsAbsentWithoutActuator() {
        runner().withPropertyValues("management.info.shmipc.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ShmipcInfoContributor.class));
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .withUserConfiguration(WithoutActuator.class)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("shmipcInfoContributor"));
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ShmipcInfoContributorAutoConfiguration.class)
    static class WithoutActuator {}
}
