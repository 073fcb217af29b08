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
import org.springframework.util.FileSystemUtils;

/**
 * Lets client and server of one process meet on a socket in a directory that only this user may enter.
 *
 * <p>An ordinary application has its addresses in application.yml and needs nothing like this.
 */
final class PrivateSocket implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Logger LOG = LoggerFactory.getLogger(PrivateSocket.class);

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        if (environment.containsProperty("shmipc.client.address")
                || environment.containsProperty("shmipc.server.address")) {
            return;
        }
        String address = "unix:" + temporaryDirectory().resolve("greetings.sock");
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "privateSocket", Map.of("shmipc.client.address", address, "shmipc.server.address", address)));
    }

    private static Path temporaryDirectory() {
        try {
            Path directory = Files.createTempDirectory("shmipc-sample-");
            // Runs when the process ends, after the application context, and with it the listener, was closed.
            SpringApplication.getShutdownHandlers().add(() -> delete(directory));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("There is no directory for the socket: set shmipc.server.address", e);
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
