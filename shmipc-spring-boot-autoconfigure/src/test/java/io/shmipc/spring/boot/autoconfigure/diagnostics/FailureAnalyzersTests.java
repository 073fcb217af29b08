package io.shmipc.spring.boot.autoconfigure.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ConnectException;
import io.shmipc.InvalidConfigException;
import io.shmipc.Reason;
import io.shmipc.SharedMemoryException;
import io.shmipc.Stream;
import io.shmipc.UnsupportedPlatformException;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.Contexts;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
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
        Origin named = new Origin() {
            @Override
            public String toString() {
                return "application.yml - 3:7";
            }
        };
        environment
                .getPropertySources()
                .addFirst(new OriginTrackedMapPropertySource(
                        "test", Map.of("shmipc.client.slice-sizes[0].percent", OriginTrackedValue.of("90", named))));
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
                "JNA cannot load its library.", new NoClassDefFoundError("com.sun.jna.Native")));

        assertThat(analysis.getAction())
                .contains("-Djna.tmpdir", "-Djna.boot.library.path", "--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void twoMethodsForOneListenerAreExplained() {
        FailureAnalysis analysis = startUpFailure(
                Contexts.everything().withBean("one", Handler.class).withBean("other", Handler.class),
                "shmipc.server.address=" + directory.resolve("s.sock"));

        assertThat(analysis.getDescription()).contains("'server'", "bean 'one'", "bean 'other'");
        assertThat(analysis.getAction()).contains("Keep one of them");
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

    static class Handler {
        @ShmipcListener
        void onData(Stream stream) {}
    }
}
