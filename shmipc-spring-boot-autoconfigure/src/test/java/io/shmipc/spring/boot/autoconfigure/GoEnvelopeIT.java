package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.client.ShmipcRemoteException;
import io.shmipc.spring.client.ShmipcTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.messaging.handler.annotation.Header;

/** Message methods and templates talk to a Go program that knows no more than docs/envelope.md. */
@Timeout(300)
class GoEnvelopeIT {

    private static Path program;

    @TempDir
    Path directory;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        program = GoEnvelope.build();
    }

    @Test
    void aGoClientCallsMessageMethods() {
        MessageContexts.clientAndServer(directory).withBean(Handlers.class).run(context -> {
            Path output = directory.resolve("client.log");
            Process client = GoEnvelope.start(program, "client", directory.resolve("s.sock"), output);
            try {
                assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(output).content().endsWith("ok\n");
                assertThat(client.exitValue()).isZero();
                assertThat(context.getBean(Handlers.class).notes.poll(10, TimeUnit.SECONDS))
                        .isEqualTo("from Go");
            } finally {
                client.destroyForcibly();
            }
        });
    }

    @Test
    void aTemplateCallsAGoServer() throws IOException {
        Path socket = directory.resolve("go.sock");
        Path output = directory.resolve("server.log");
        Process server = GoEnvelope.start(program, "server", socket, output);
        try {
            Awaitility.await().until(() -> Files.readString(output).contains("ready"));
            MessageContexts.messaging()
                    .withPropertyValues("shmipc.client.address=" + socket)
                    .run(context -> {
                        ShmipcTemplate template = context.getBean(ShmipcTemplate.class);
                        String large = "0123456789".repeat(30_000);

                        assertThat(template.convertSendAndReceive("greet", "Ada", String.class))
                                .isEqualTo("Hello from Go, Ada!");
                        assertThat(template.convertSendAndReceive("greet", large, String.class))
                                .isEqualTo("Hello from Go, " + large + "!");
                        assertThat(template.convertSendAndReceiveAsync("greet", "Ada", String.class))
                                .succeedsWithin(10, TimeUnit.SECONDS)
                                .isEqualTo("Hello from Go, Ada!");
                        template.convertAndSend("note", "from Java");
                        assertThatExceptionOfType(ShmipcRemoteException.class)
                                .isThrownBy(() -> template.convertSendAndReceive("nowhere", "Ada", String.class))
                                .withMessage("Go does not know the route 'nowhere'.")
                                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("unknown-route"));
                    });
        } finally {
            server.destroyForcibly();
        }
    }

    record Person(String name, int age) {}

    static class Handlers {

        final BlockingQueue<String> notes = new LinkedBlockingQueue<>();

        @ShmipcListener(route = "greet")
        String greet(String name) {
            return "Hello, " + name + "!";
        }

        @ShmipcListener(route = "trace")
        String trace(@Header("traceparent") String trace) {
            return trace;
        }

        @ShmipcListener(route = "note")
        void note(String note) {
            notes.add(note);
        }

        @ShmipcListener(route = "person")
        Person person(Person person) {
            return new Person(person.name(), person.age() + 1);
        }
    }
}
