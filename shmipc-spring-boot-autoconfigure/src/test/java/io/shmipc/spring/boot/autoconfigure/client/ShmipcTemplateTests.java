package io.shmipc.spring.boot.autoconfigure.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.BufferReader;
import io.shmipc.Session;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.MessageContexts;
import io.shmipc.spring.client.CallObserver;
import io.shmipc.spring.client.RetryPolicy;
import io.shmipc.spring.client.ShmipcRemoteException;
import io.shmipc.spring.client.ShmipcTemplate;
import io.shmipc.spring.client.ShmipcTemplateCustomizer;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import io.shmipc.spring.message.MalformedMessageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.messaging.handler.annotation.Header;

/** What becomes of calls that are slow, lost, refused, cancelled, or made before there is a server. */
@Timeout(60)
class ShmipcTemplateTests {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return MessageContexts.clientAndServer(directory).withBean(Handlers.class);
    }

    @Test
    void aCallHasADeadlineOfItsOwnOrTheConfiguredOne() {
        runner().withPropertyValues("shmipc.messages.call-timeout=300ms").run(context -> {
            ShmipcTemplate template = connected(context);

            assertThatExceptionOfType(ShmipcTimeoutException.class)
                    .isThrownBy(() -> template.convertSendAndReceive("never", "x", String.class))
                    .withMessageContaining("no reply from the route 'never' of 'shmipc' within PT0.3S");
            assertThatExceptionOfType(ShmipcTimeoutException.class)
                    .isThrownBy(() -> template.withTimeout(Duration.ofMillis(50))
                            .convertSendAndReceive("never", "x", String.class))
                    .withMessageContaining("within PT0.05S");
            assertThat(template.withTimeout(Duration.ofMillis(50))
                            .convertSendAndReceiveAsync("never", "x", String.class))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ShmipcTimeoutException.class)
                    .withMessageContaining("within PT0.05S");
            assertThat(template.convertSendAndReceive("echo", "x", String.class))
                    .isEqualTo("x");
            assertNoStreamIsLeftButThePooledOne(context);
        });
    }

    @Test
    void anAsynchronousCallCompletesOrFailsItsFuture() {
        runner().run(context -> {
            ShmipcTemplate template = connected(context);

            assertThat(template.convertSendAndReceiveAsync("echo", "x", String.class))
                    .succeedsWithin(10, TimeUnit.SECONDS)
                    .isEqualTo("x");
            assertThat(template.convertSendAndReceiveAsync("nowhere", "x", String.class))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ShmipcRemoteException.class);
            assertThat(template.convertSendAndReceiveAsync("echo", "no number", Thread.class))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("No converter makes java.lang.Thread");
            assertThat(template.convertSendAndReceiveAsync("echo", "x".repeat(20_000_000), String.class))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(MalformedMessageException.class);
            assertNoStreamIsLeftButThePooledOne(context);
        });
    }

    @Test
    void cancellingACallEndsItsStream() {
        runner().run(context -> {
            ShmipcTemplate template = connected(context);
            CompletableFuture<String> call = template.convertSendAndReceiveAsync("never", "x", String.class);
            Awaitility.await().until(() -> server(context).sessions().get(0).activeStreamCount() == 1);

            call.cancel(true);

            Awaitility.await().until(() -> server(context).sessions().get(0).activeStreamCount() == 0);
        });
    }

    @Test
    void aCallThatCannotBeSentIsTriedAgainUntilThereIsAServer() {
        runner().withPropertyValues("shmipc.messages.retry.max-retries=1000", "shmipc.messages.retry.max-delay=10ms")
                .run(context -> {
                    ShmipcTemplate template = connected(context);
                    ShmipcListenerRegistry registry = context.getBean(ShmipcListenerRegistry.class);
                    registry.stop();

                    CompletableFuture<String> waiting = CompletableFuture.supplyAsync(
                            () -> template.convertSendAndReceive("echo", "x", String.class));
                    CompletableFuture<String> async = template.convertSendAndReceiveAsync("echo", "y", String.class);
                    assertThatExceptionOfType(ShmipcTimeoutException.class)
                            .isThrownBy(() -> template.withTimeout(Duration.ofMillis(100))
                                    .convertSendAndReceive("echo", "z", String.class))
                            .withMessageContaining("before anything was sent");
                    registry.start();

                    assertThat(waiting).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo("x");
                    assertThat(async).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo("y");
                });
    }

    @Test
    void triesEndWithWhatWentWrong() {
        runner().withPropertyValues("shmipc.messages.retry.max-retries=2", "shmipc.messages.retry.delay=1ms")
                .run(context -> {
                    ShmipcTemplate template = connected(context);
                    context.getBean(ShmipcListenerRegistry.class).stop();

                    Awaitility.await()
                            .untilAsserted(() -> assertThatExceptionOfType(SessionClosedException.class)
                                    .isThrownBy(() -> template.convertSendAndReceive("echo", "x", String.class)));
                    assertThatExceptionOfType(SessionClosedException.class)
                            .isThrownBy(() -> template.convertAndSend("echo", "x"));
                    assertThat(template.convertSendAndReceiveAsync("echo", "x", String.class))
                            .failsWithin(10, TimeUnit.SECONDS)
                            .withThrowableOfType(ExecutionException.class)
                            .withCauseInstanceOf(SessionClosedException.class);
                });
    }

    @Test
    void aCallThatWasSentIsNotSentAgain() {
        MessageContexts.clientAndServer(directory).withBean(Hangup.class).run(context -> {
            ShmipcTemplate template = connected(context);

            assertThatExceptionOfType(StreamClosedException.class)
                    .isThrownBy(() -> template.convertSendAndReceive("echo", "x", String.class));
            assertThat(template.convertSendAndReceiveAsync("echo", "x", String.class))
                    .failsWithin(10, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ShmipcException.class);
            assertThat(context.getBean(Hangup.class).calls).hasValue(2);
        });
    }

    @Test
    void customizersHaveTheLastWord() {
        runner().withBean(
                        ShmipcTemplateCustomizer.class,
                        () -> (name, template) -> template.name(name + "!")
                                .timeout(Duration.ofMillis(20))
                                .retry(new RetryPolicy(0, Duration.ofMillis(1), Duration.ofMillis(1))))
                .run(context -> assertThatExceptionOfType(ShmipcTimeoutException.class)
                        .isThrownBy(() -> connected(context).convertSendAndReceive("never", "x", String.class))
                        .withMessageContaining("of 'shmipc!' within PT0.02S"));
    }

    @Test
    void observersSeeEveryCallAndSendHeadersAlong() {
        runner().withBean(Observer.class).run(context -> {
            ShmipcTemplate template = connected(context);
            assertThat(template.convertSendAndReceive("trace", null, String.class))
                    .isEqualTo("00-trace");
            template.convertAndSend("trace", null);
            template.convertSendAndReceiveAsync("trace", null, String.class).get(10, TimeUnit.SECONDS);
            assertThatThrownBy(() -> template.convertSendAndReceive("nowhere", null, String.class))
                    .isInstanceOf(ShmipcRemoteException.class);
            assertThatThrownBy(() -> template.convertSendAndReceive(
                            "trace",
                            new Object(),
                            Map.of("contentType", "image/png"),
                            ParameterizedTypeReference.forType(String.class)))
                    .hasMessageContaining("No converter makes a payload of type image/png of java.lang.Object");

            assertThat(context.getBean(Observer.class).seen)
                    .startsWith("shmipc trace null", "shmipc trace null", "shmipc trace null")
                    .hasSize(5)
                    .element(3)
                    .asString()
                    .startsWith("shmipc nowhere io.shmipc.spring.client.ShmipcRemoteException");
        });
    }

    /** Returns the template once a session is open: a call that fails before would say so. */
    private static ShmipcTemplate connected(AssertableApplicationContext context) {
        SessionManager sessions = context.getBean(SessionManager.class);
        Awaitility.await().until(() -> sessions.sessions().stream().anyMatch(Session::isHealthy));
        return context.getBean(ShmipcTemplate.class);
    }

    private static void assertNoStreamIsLeftButThePooledOne(AssertableApplicationContext context) {
        SessionManager sessions = context.getBean(SessionManager.class);
        Awaitility.await().until(() -> sessions.sessions().get(0).activeStreamCount() <= 1);
    }

    private static ListenerContainer server(AssertableApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(ShmipcListenerRegistry.class).container("server"));
    }

    static class Handlers {

        @ShmipcListener(route = "echo")
        String echo(String payload) {
            return payload;
        }

        @ShmipcListener(route = "never")
        CompletableFuture<String> never(String payload) {
            return new CompletableFuture<>();
        }

        @ShmipcListener(route = "trace")
        String trace(@Header("traceparent") String trace) {
            return trace;
        }
    }

    static class Hangup {

        final AtomicInteger calls = new AtomicInteger();

        @ShmipcListener
        void hangUp(BufferReader reader, Stream stream) {
            calls.incrementAndGet();
            stream.close();
        }
    }

    static class Observer implements CallObserver {

        final List<String> seen = new CopyOnWriteArrayList<>();

        @Override
        public Outcome begin(String client, String route, Map<String, Object> headers) {
            headers.put("traceparent", "00-trace");
            return new Outcome() {
                @Override
                public void ended(@Nullable Throwable failure) {
                    seen.add(client + " " + route + " " + failure);
                }
            };
        }
    }
}
