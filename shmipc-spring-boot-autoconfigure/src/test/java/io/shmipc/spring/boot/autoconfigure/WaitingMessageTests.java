package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.client.ShmipcTemplate;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import io.shmipc.spring.message.EnvelopeCodec;
import io.shmipc.spring.message.MessageType;
import io.shmipc.spring.message.WireMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What becomes of messages whose method has as many calls under way as it may. */
@Timeout(60)
class WaitingMessageTests {

    private static final EnvelopeCodec CODEC = new EnvelopeCodec();

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return MessageContexts.clientAndServer(directory)
                .withPropertyValues("shmipc.messages.concurrency=1", "test.grace-period=20s")
                .withBean(Handlers.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "view", "later"})
    void theyTakeNoThreadAndAreHandledWhenItIsTheirTurn(String route) {
        runner().run(context -> {
            ShmipcTemplate template = context.getBean(ShmipcTemplate.class);
            awaitSession(context);
            List<CompletableFuture<String>> calls = IntStream.range(0, 200)
                    .mapToObj(i -> template.convertSendAndReceiveAsync(route, "call " + i, String.class))
                    .toList();

            Awaitility.await().until(() -> server(context).activeCalls().count() >= calls.size());
            Awaitility.await()
                    .untilAsserted(() -> assertThat(threadsInMethods()).isEqualTo(route.equals("later") ? 0 : 1));
            assertThat(template.convertSendAndReceive("free", "x", String.class))
                    .isEqualTo("x");

            context.getBean(Handlers.class).gate.release(calls.size());
            for (int i = 0; i < calls.size(); i++) {
                assertThat(calls.get(i).get(20, TimeUnit.SECONDS)).isEqualTo("call " + i);
            }
            awaitNoCall(context);
        });
    }

    @Test
    void theyAreHandledAlsoIfTheirClientClosesTheStream() {
        runner().run(context -> {
            awaitSession(context);
            Stream first = send(context, "text");
            Handlers handlers = context.getBean(Handlers.class);
            Awaitility.await().until(handlers.gate::hasQueuedThreads);
            Stream closed = send(context, "text");
            Awaitility.await().until(() -> server(context).activeCalls().count() >= 2);
            closed.close();
            Stream last = send(context, "text");

            handlers.gate.release(3);

            assertThat(reply(first)).isEqualTo("text");
            assertThat(reply(last)).isEqualTo("text");
            awaitNoCall(context);
            assertThat(handlers.gate.availablePermits()).isZero();
        });
    }

    @Test
    void theyAreForgottenIfTheirStreamIsClosedHere() {
        runner().run(context -> {
            awaitSession(context);
            Stream stream = send(context, "later");
            CODEC.encode(request("later"), stream.bufferWriter());
            stream.flush();
            Awaitility.await().until(() -> server(context).activeCalls().count() >= 2);
            Handlers handlers = context.getBean(Handlers.class);

            handlers.streams.take().close();

            Awaitility.await().until(() -> server(context).activeCalls().count() == 1);
            handlers.gate.release();
            awaitNoCall(context);
            handlers.gate.release();
            assertThat(context.getBean(ShmipcTemplate.class).convertSendAndReceive("later", "x", String.class))
                    .isEqualTo("x");
        });
    }

    @Test
    void aClientThatOnlyEndsItsSideGetsTheirReplies() {
        runner().run(context -> {
            awaitSession(context);
            Stream first = send(context, "text");
            Awaitility.await().until(() -> context.getBean(Handlers.class).gate.hasQueuedThreads());
            Stream ended = send(context, "text");
            CODEC.encode(request("free"), ended.bufferWriter());
            ended.flush(true);
            Awaitility.await().until(() -> server(context).activeCalls().count() >= 2);

            context.getBean(Handlers.class).gate.release(2);

            assertThat(reply(first)).isEqualTo("text");
            assertThat(reply(ended)).isEqualTo("text");
            assertThat(reply(ended)).isEqualTo("free");
            awaitNoCall(context);
        });
    }

    /** Returns how many threads are in a method of this test, or wait for being let in. */
    private static long threadsInMethods() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().startsWith("io.shmipc.spring.listener.MessageAdapter")))
                .count();
    }

    private static Stream send(AssertableApplicationContext context, String route) {
        Stream stream = context.getBean(SessionManager.class).getStream();
        stream.setDeadline(Instant.now().plusSeconds(20));
        CODEC.encode(request(route), stream.bufferWriter());
        stream.flush();
        return stream;
    }

    private static WireMessage request(String route) {
        return new WireMessage(
                MessageType.REQUEST,
                1,
                Map.of(WireMessage.ROUTE, route),
                ByteBuffer.wrap(route.getBytes(StandardCharsets.UTF_8)));
    }

    private static String reply(Stream stream) {
        return CODEC.decode(stream.bufferReader()).payloadText();
    }

    private static void awaitSession(AssertableApplicationContext context) {
        SessionManager sessions = context.getBean(SessionManager.class);
        Awaitility.await().until(() -> sessions.sessions().stream().anyMatch(Session::isHealthy));
    }

    private static void awaitNoCall(AssertableApplicationContext context) {
        Awaitility.await().until(() -> server(context).activeCalls().count() == 0);
    }

    private static ListenerContainer server(AssertableApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(ShmipcListenerRegistry.class).container("server"));
    }

    static class Handlers {

        final Semaphore gate = new Semaphore(0);
        final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();

        @ShmipcListener(route = "text")
        String text(String payload) throws InterruptedException {
            gate.acquire();
            return payload;
        }

        @ShmipcListener(route = "view")
        ByteBuffer view(ByteBuffer payload) throws InterruptedException {
            gate.acquire();
            return payload;
        }

        @ShmipcListener(route = "later")
        CompletableFuture<String> later(String payload, Stream stream) {
            streams.add(stream);
            return CompletableFuture.supplyAsync(() -> {
                gate.acquireUninterruptibly();
                return payload;
            });
        }

        @ShmipcListener(route = "free")
        String free(String payload) {
            return payload;
        }
    }
}
