package io.shmipc.spring.boot.test.autoconfigure;

import io.shmipc.spring.boot.autoconfigure.NamedDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.util.FileSystemUtils;

/**
 * Overrides the addresses of a context with sockets in a directory of its own, which goes with the context.
 *
 * <p>It has no state: tests that are configured alike share a context, and with it the addresses.
 */
record TemporaryAddresses() implements ContextCustomizer {

    private static final String NAME = "shmipcTemporaryAddresses";

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        Path directory = createDirectory();
        // What is registered first is destroyed last: when listeners and clients have closed.
        ((DefaultSingletonBeanRegistry) context.getBeanFactory())
                .registerDisposableBean(NAME, () -> FileSystemUtils.deleteRecursively(directory));
        ConfigurableEnvironment environment = context.getEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource(NAME, properties(environment, directory)));
        context.addApplicationListener(new ConnectedClients());
    }

    private static Map<String, Object> properties(Environment environment, Path directory) {
        Set<String> names = new TreeSet<>(NamedDefaults.clients(environment).keySet());
        names.addAll(NamedDefaults.listeners(environment).keySet());
        Map<String, Object> properties = new LinkedHashMap<>();
        int sockets = 0;
        if (names.isEmpty()
                || environment.containsProperty("shmipc.client.address")
                || environment.containsProperty("shmipc.server.address")) {
            connect(properties, "shmipc.client", "shmipc.server", directory.resolve(sockets++ + ".sock"));
        }
        for (String name : names) {
            connect(
                    properties,
                    "shmipc.clients." + name,
                    "shmipc.listeners." + name,
                    directory.resolve(sockets++ + ".sock"));
        }
        return properties;
    }

    private static void connect(Map<String, Object> properties, String client, String listener, Path socket) {
        properties.put(client + ".address", "unix:" + socket);
        properties.put(client + ".fail-fast", "false");
        properties.put(listener + ".address", "unix:" + socket);
        properties.put(listener + ".access.user-ids", "");
    }

    private static Path createDirectory() {
        try {
            return Files.createTempDirectory("shmipc");
        } catch (IOException e) {
            throw new UncheckedIOException("There is no directory for temporary addresses.", e);
        }
    }
}
