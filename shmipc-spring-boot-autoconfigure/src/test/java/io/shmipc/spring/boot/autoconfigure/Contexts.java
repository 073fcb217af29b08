package io.shmipc.spring.boot.autoconfigure;

import io.shmipc.BufferReader;
import io.shmipc.Stream;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.availability.ShmipcAvailabilityAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.event.ShmipcEventAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.health.ShmipcClientHealthContributorAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.health.ShmipcServerHealthContributorAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.metrics.ShmipcMetricsAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What several tests start: contexts with every auto-configuration. */
public final class Contexts {

    private Contexts() {}

    /** Returns a runner without an address, client or server. */
    public static ApplicationContextRunner everything() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ShmipcAvailabilityAutoConfiguration.class,
                        ShmipcEventAutoConfiguration.class,
                        ShmipcClientAutoConfiguration.class,
                        ShmipcServerAutoConfiguration.class,
                        ShmipcClientHealthContributorAutoConfiguration.class,
                        ShmipcServerHealthContributorAutoConfiguration.class,
                        ShmipcMetricsAutoConfiguration.class));
    }

    /** Returns a runner of a client that calls the server in the same context; the server swallows what it gets. */
    public static ApplicationContextRunner clientAndServer(Path directory) {
        return bothSides(directory).withBean(Sink.class);
    }

    /** Returns a runner of a client that calls the server in the same context, which answers when it may. */
    public static ApplicationContextRunner clientAndSlowServer(Path directory, Slow server) {
        return bothSides(directory).withBean(Slow.class, () -> server);
    }

    /** Returns a runner of a server that does not start with its context. */
    public static ApplicationContextRunner serverThatWaits(Path directory) {
        return everything()
                .withPropertyValues("shmipc.server.address=" + directory.resolve("s.sock"))
                .withBean(Waiting.class);
    }

    private static ApplicationContextRunner bothSides(Path directory) {
        Path socket = directory.resolve("s.sock");
        return everything()
                .withPropertyValues(
                        "shmipc.server.address=" + socket,
                        "shmipc.client.address=" + socket,
                        "shmipc.client.rebuild-interval=5ms",
                        "shmipc.client.max-rebuild-interval=20ms",
                        "shmipc.client.buffer-capacity=4MB");
    }

    /** Takes a listener's path over and accepts nobody, so that a hot restart to it stays under way. */
    public static ServerSocketChannel deafSuccessor(Path socket) throws IOException {
        ServerSocketChannel successor = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Files.delete(socket);
        return successor.bind(UnixDomainSocketAddress.of(socket));
    }

    static final class Sink {

        @ShmipcListener
        void onData(BufferReader reader) {
            reader.discard(reader.length());
        }
    }

    static final class Waiting {

        @ShmipcListener(autoStartup = "false")
        void onData(BufferReader reader) {
            reader.discard(reader.length());
        }
    }

    /** Adds one to each number, once it may. */
    public record Slow(CountDownLatch entered, CountDownLatch mayAnswer) {

        @ShmipcListener
        void onData(BufferReader reader, Stream stream) throws InterruptedException {
            entered.countDown();
            mayAnswer.await();
            stream.bufferWriter().writeLong(reader.readLong() + 1);
            stream.flush();
        }
    }
}
