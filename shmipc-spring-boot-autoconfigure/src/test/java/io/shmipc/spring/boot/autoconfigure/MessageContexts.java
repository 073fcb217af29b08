package io.shmipc.spring.boot.autoconfigure;

import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcTemplateAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Contexts that exchange messages with themselves. */
public final class MessageContexts {

    private MessageContexts() {}

    /** Returns a runner with listeners and templates, but without an address. */
    public static ApplicationContextRunner messaging() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ShmipcClientAutoConfiguration.class,
                        ShmipcTemplateAutoConfiguration.class,
                        ShmipcServerAutoConfiguration.class))
                .withPropertyValues(
                        "shmipc.client.rebuild-interval=5ms",
                        "shmipc.client.max-rebuild-interval=20ms",
                        "shmipc.client.buffer-capacity=8MB",
                        // Futures that never complete hold nothing up.
                        "shmipc.server.grace-period=${test.grace-period:10ms}");
    }

    /** Returns a runner of a client that calls the server in the same context. */
    public static ApplicationContextRunner clientAndServer(Path directory) {
        Path socket = directory.resolve("s.sock");
        return messaging().withPropertyValues("shmipc.server.address=" + socket, "shmipc.client.address=" + socket);
    }
}
