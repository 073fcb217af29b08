package io.shmipc.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;
import org.springframework.util.FileSystemUtils;

/**
 * Makes a directory that only this user may enter, for the sockets of this one run: {@code ${sample.directory}}.
 *
 * <p>An ordinary application has its addresses in application.yml and needs nothing like this.
 */
final class SampleDirectory implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String PROPERTY = "sample.directory";
    private static final Logger LOG = LoggerFactory.getLogger(SampleDirectory.class);

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        if (environment.containsProperty(PROPERTY) || !environment.acceptsProfiles(Profiles.of("lab | single"))) {
            return;
        }
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "sampleDirectory", Map.of(PROPERTY, temporaryDirectory().toString())));
    }

    private static Path temporaryDirectory() {
        try {
            Path directory = Files.createTempDirectory("shmipc-sample-");
            // Runs when the process ends, after the application context, and with it the listener, was closed.
            SpringApplication.getShutdownHandlers().add(() -> delete(directory));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "There is no directory for the sockets: name one with -Djava.io.tmpdir=DIRECTORY.", e);
        }
    }

    private static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            LOG.warn("{} is left over", directory, e);
        }
    }
}
