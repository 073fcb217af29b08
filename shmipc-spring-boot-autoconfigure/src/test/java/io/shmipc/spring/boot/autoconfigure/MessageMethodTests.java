package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.spring.boot.autoconfigure.MessageHandlers.Person;
import io.shmipc.spring.client.ShmipcRemoteException;
import io.shmipc.spring.client.ShmipcTemplate;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/** Message methods as their callers see them, over a real socket and real shared memory. */
@Timeout(60)
class MessageMethodTests {

    private static final ParameterizedTypeReference<Person> PERSON = ParameterizedTypeReference.forType(Person.class);
    private static final ParameterizedTypeReference<List<Person>> PEOPLE = new ParameterizedTypeReference<>() {};

    @TempDir
    Path directory;

    private void run(ContextConsumer<AssertableApplicationContext> consumer) {
        MessageContexts.clientAndServer(directory)
                .withBean(MessageHandlers.class)
                .withUserConfiguration(MessageHandlers.Beans.class)
                .withPropertyValues("test.route=from.property")
                .run(consumer);
    }

    private void call(Calls calls) {
        run(context -> {
            assertThat(context).hasNotFailed();
            calls.make(context.getBean(ShmipcTemplate.class));
        });
    }

    @Test
    void takesAndReturnsTextBytesAndBuffers() {
        call(template -> {
            assertThat(template.convertSendAndReceive("text", "Ada", String.class))
                    .isEqualTo("Hello, Ada!");
            assertThat(template.convertSendAndReceive("bytes", new byte[] {1, 2, 3}, byte[].class))
                    .containsExactly(3, 2, 1);
            assertThat(template.convertSendAndReceive("view", ByteBuffer.wrap(new byte[] {1, 2, 3}), ByteBuffer.class))
                    .isEqualTo(ByteBuffer.wrap(new byte[] {2, 3}));
            assertThat(template.convertSendAndReceive("text", "", String.class)).isEqualTo("Hello, !");
        });
    }

    @Test
    void takesAndReturnsObjectsAsJson() {
        call(template -> {
            assertThat(template.convertSendAndReceive("older", new Person("Ada", 36), Person.class))
                    .isEqualTo(new Person("Ada", 37));
            assertThat(template.convertSendAndReceive("people", List.of(new Person("Ada", 36)), PEOPLE))
                    .containsExactly(new Person("Ada", 36), new Person("Ada", 36));
            // A peer that sends JSON without saying so, and one that wants the text behind a JSON reply.
            assertThat(template.convertSendAndReceive(
                            "older",
                            "{\"name\":\"Ada\",\"age\":1}".getBytes(StandardCharsets.UTF_8),
                            Map.of("contentType", "application/json"),
                            PERSON))
                    .isEqualTo(new Person("Ada", 2));
            assertThat(template.convertSendAndReceive("older", new Person("Ada", 36), String.class))
                    .isEqualTo("{\"name\":\"Ada\",\"age\":37}");
        });
    }

    @Test
    void largeMessagesPass() {
        String large = "0123456789".repeat(100_000);
        call(template -> {
            assertThat(template.convertSendAndReceive("text", large, String.class))
                    .isEqualTo("Hello, " + large + "!");
            byte[] bytes = new byte[3_000_000];
            bytes[0] = 42;
            assertThat(template.convertSendAndReceive("bytes", bytes, byte[].class))
                    .hasSize(bytes.length)
                    .endsWith(42);
        });
    }

    @Test
    void headersGoThereAndBack() {
        call(template -> {
            Message<byte[]> reply = template.sendAndReceive(
                    "headers",
                    MessageBuilder.withPayload("x")
                            .setHeader("language", "en")
                            .setHeader("count", 3)
                            .setHeader("object", new Object())
                            .build());

            assertThat(reply.getPayload()).asString().isEqualTo("en 3 [contentType, count, language, route]");
            assertThat(reply.getHeaders()).containsEntry("answered", "yes").doesNotContainKeys("id", "timestamp");
        });
    }

    @Test
    void theStreamAndItsSessionAreThereToAsk() {
        call(template -> assertThat(template.convertSendAndReceive("who", null, String.class))
                .matches("stream \\d+ of server-\\d+"));
    }

    @Test
    void aMessageWithoutARouteGoesToTheMethodWithoutOne() {
        call(template -> {
            assertThat(template.convertSendAndReceive("", "x", String.class)).isEqualTo("without a route: x");
            assertThat(template.convertSendAndReceive("from.property", "x", String.class))
                    .isEqualTo("from a property: x");
        });
    }

    @Test
    void voidAndNullAreEmptyReplies() {
        call(template -> {
            assertThat(template.convertSendAndReceive("nothing", "x", String.class))
                    .isNull();
            assertThat(template.convertSendAndReceive("null", "x", Person.class))
                    .isNull();
            assertThat(template.sendAndReceive(
                                    "nothing", MessageBuilder.withPayload("x").build())
                            .getPayload())
                    .isEmpty();
        });
    }

    @Test
    void aFutureIsAnsweredWhenItCompletes() {
        call(template -> {
            assertThat(template.convertSendAndReceive("later", "x", String.class))
                    .isEqualTo("later: x");
            assertRefused(template, "later", "fail", "failed", "too late");
        });
    }

    @Test
    void aOneWayMessageIsHandledAndNotAnswered() {
        run(context -> {
            ShmipcTemplate template = context.getBean(ShmipcTemplate.class);
            MessageHandlers handlers = context.getBean(MessageHandlers.class);

            template.convertAndSend("note", "one");
            template.convertAndSend("note", "fail");
            template.convertAndSend("note", "two");

            assertThat(handlers.notes.poll(10, TimeUnit.SECONDS)).isEqualTo("one");
            assertThat(handlers.notes.poll(10, TimeUnit.SECONDS)).isEqualTo("two");
            assertThat(template.convertSendAndReceive("text", "Ada", String.class))
                    .isEqualTo("Hello, Ada!");
            assertThat(server(context).handlerErrors()).isEqualTo(1);
        });
    }

    @Test
    void whatGoesWrongIsAnErrorReplyAndNothingElseEnds() {
        run(context -> {
            ShmipcTemplate template = context.getBean(ShmipcTemplate.class);

            assertRefused(template, "nowhere", "x", "unknown-route", "Nothing serves the route 'nowhere'.");
            assertRefused(template, "failing", "x", "failed", "broken by x");
            assertRefused(template, "choosing", "x", "sold-out", "There is no x left.");
            assertRefused(template, "older", "{", "bad-request", "for a message of type text/plain");
            assertRefused(template, "people", new Person("Ada", 1), "bad-request", "Could not read JSON");
            assertRefused(template, "older", new Person("Ada", -1), "invalid", "age: must not be negative");
            assertRefused(template, "headers", "x", "bad-request", "language");
            assertRefused(template, "unsendable", "x", "failed", "The reply cannot be converted.");
            assertRefused(template, "huge", "x", "too-large", "17000055 bytes: it may have 16777216");
            assertRefused(template, "rejected", "x", "overloaded", "no threads today");

            assertThat(server(context).handlerErrors()).isEqualTo(10);
            assertThat(server(context).sessions()).hasSize(1);
            assertThat(template.convertSendAndReceive("text", "Ada", String.class))
                    .isEqualTo("Hello, Ada!");
        });
    }

    @Test
    void whatAMethodThrowsIsItsOwnFailureWhateverItIs() {
        call(template -> {
            assertRefused(template, "converting", "x", "failed", "cannot convert what x asked others for");
            assertRefused(template, "full", "x", "failed", "no threads for x");
            assertRefused(template, "full-later", "x", "failed", "no threads for x");
            assertRefused(template, "choosing-later", "x", "sold-out", "There is no x left.");
        });
    }

    @Test
    void aFailureThatAnErrorHandlerPassesOnIsReportedAsIfThereWereNone() {
        call(template -> {
            assertRefused(template, "passing-on", "{", "bad-request", "for a message of type text/plain");
            assertRefused(template, "passing-on", new Person("Ada", -1), "invalid", "age: must not be negative");
            assertRefused(template, "passing-on", new Person("Ada", 1), "failed", "cannot convert Person");
        });
    }

    @Test
    void anErrorHandlerAnswersInsteadOrThrows() {
        call(template -> {
            assertThat(template.convertSendAndReceive("handled", "x", String.class))
                    .isEqualTo("sorry about x: broken by x");
            assertRefused(template, "handled", "worse", "failed", "the handler failed, too");
        });
    }

    @Test
    void aMethodRunsOnTheExecutorThatItNames() {
        call(template -> assertThat(template.convertSendAndReceive("on-executor", "x", String.class))
                .startsWith("worker-"));
    }

    @Test
    void aViewIsEmptyWhenTheMethodHasReturned() {
        run(context -> {
            ShmipcTemplate template = context.getBean(ShmipcTemplate.class);
            template.convertSendAndReceive("keep", "secret", String.class);

            ByteBuffer kept = Objects.requireNonNull(context.getBean(MessageHandlers.class).kept);
            assertThat(kept.isReadOnly()).isTrue();
            assertThat(kept.remaining()).isZero();
            assertThatThrownBy(() -> kept.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
        });
    }

    private static void assertRefused(
            ShmipcTemplate template, String route, Object payload, String code, String message) {
        assertThatThrownBy(() -> template.convertSendAndReceive(route, payload, String.class))
                .isInstanceOfSatisfying(
                        ShmipcRemoteException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private static ListenerContainer server(AssertableApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(ShmipcListenerRegistry.class).container("server"));
    }

    @FunctionalInterface
    private interface Calls {
        void make(ShmipcTemplate template) throws Exception;
    }
}
