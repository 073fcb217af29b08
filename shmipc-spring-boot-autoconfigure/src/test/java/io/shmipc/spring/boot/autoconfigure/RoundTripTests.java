package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.BufferReader;
import io.shmipc.Session;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.client.ShmipcClientAutoConfiguration;
import io.shmipc.spring.boot.autoconfigure.server.ShmipcServerAutoConfiguration;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** An annotated method and a session manager in one context, over a real socket and real shared memory. */
@Timeout(60)
class RoundTripTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        Path socket = directory.resolve("s.sock");
        return new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ShmipcServerAutoConfiguration.class, ShmipcClientAutoConfiguration.class))
                .withPropertyValues(
                        "shmipc.server.address=" + socket,
                        "shmipc.client.address=" + socket,
                        "shmipc.client.rebuild-interval=5ms",
                        "shmipc.client.max-rebuild-interval=20ms",
                        "shmipc.client.buffer-capacity=4MB")
                .withBean(Echo.class);
    }

    @Test
    void anAnnotatedMethodAnswersThroughAnonymousMemory() {
        runner().withPropertyValues("shmipc.client.memory-type=memfd").run(RoundTripTests::assertAnswers);
    }

    @Test
    void anAnnotatedMethodAnswersThroughFilesAndLeavesNoneBehind() {
        String prefix = "shmipc-round-trip-" + ProcessHandle.current().pid();
        runner().withPropertyValues("shmipc.client.memory-type=file", "shmipc.client.path-prefix=/dev/shm/" + prefix)
                .run(RoundTripTests::assertAnswers);

        assertThat(Path.of("/dev/shm"))
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith(prefix));
    }

    @Test
    void aFailingCallClosesItsStreamAndTheNextOneIsServed() {
        runner().run(context -> {
            SessionManager client = connected(context);
            assertThatExceptionOfType(ShmipcException.class).isThrownBy(() -> echo(client, "fail"));
            assertThat(echo(client, "again")).isEqualTo("again");
            assertThat(server(context).handlerErrors()).isEqualTo(1);
        });
    }

    @Test
    void theClientFindsTheServerAgainAfterItsRestart() {
        runner().run(context -> {
            SessionManager client = connected(context);
            assertThat(echo(client, "before")).isEqualTo("before");

            ShmipcListenerRegistry registry = context.getBean(ShmipcListenerRegistry.class);
            registry.stop();
            assertThatExceptionOfType(ShmipcException.class).isThrownBy(() -> echo(client, "meanwhile"));
            registry.start();

            Awaitility.await()
                    .ignoreExceptionsInstanceOf(ShmipcException.class)
                    .untilAsserted(() -> assertThat(echo(client, "after")).isEqualTo("after"));
        });
    }

    private static void assertAnswers(ConfigurableApplicationContext context) {
        SessionManager client = connected(context);
        assertThat(echo(client, "hello")).isEqualTo("hello");
        String large = "0123456789".repeat(20_000);
        assertThat(echo(client, large)).isEqualTo(large);
        assertThat(server(context).sessions()).hasSize(1);
        assertThat(server(context).handlerErrors()).isZero();
    }

    private static SessionManager connected(ApplicationContext context) {
        SessionManager client = context.getBean(SessionManager.class);
        Awaitility.await().until(() -> client.sessions().stream().anyMatch(Session::isHealthy));
        return client;
    }

    private static ListenerContainer server(ApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(ShmipcListenerRegistry.class).container("server"));
    }

    private static String echo(SessionManager client, String text) {
        return client.execute(stream -> {
            stream.setDeadline(Instant.now().plusSeconds(10));
            stream.bufferWriter().writeInt(text.length());
            stream.bufferWriter().writeString(text);
            stream.flush();
            String answer = stream.bufferReader().readString(text.length());
            stream.bufferReader().releasePreviousRead();
            return answer;
        });
    }

    static class Echo {

        /** Answers each message, a length and as many characters, once it has arrived in full. */
        @ShmipcListener
        void onData(BufferReader reader, Stream stream) {
            while (reader.length() >= Integer.BYTES
                    && reader.length()
                            >= Integer.BYTES + reader.peek(Integer.BYTES).getInt()) {
                String text = reader.readString(reader.readInt());
                if (text.equals("fail")) {
                    throw new IllegalStateException("asked to fail");
                }
                stream.bufferWriter().writeString(text);
                stream.flush();
            }
        }
    }
}
