package io.shmipc.spring.boot.autoconfigure.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Session;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.autoconfigure.MessageContexts;
import io.shmipc.spring.client.ShmipcRemoteException;
import io.shmipc.spring.client.ShmipcTemplate;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import io.shmipc.spring.message.EnvelopeCodec;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A listener refuses one-way messages that its client may send, and says so when nobody waits for it. */
@Timeout(60)
class RefusedOneWayTests {

    private static final int LIMIT_BYTES = 70_000;
    private static final String TOO_LARGE = "x".repeat(LIMIT_BYTES);

    private final LateCodec codec = new LateCodec();

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return MessageContexts.clientAndServer(directory)
                .withBean(Handlers.class)
                .withBean(StreamCodec.class, () -> codec);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCallThatFollowsOnTheSameStreamIsAnsweredAllTheSame(boolean async) {
        runner().run(context -> {
            Session session = session(context);
            ShmipcTemplate template = template(context);
            template.convertAndSend("echo", TOO_LARGE);
            long sentBytes = session.metrics().performance().outFlowBytes();

            CompletableFuture<String> call = async
                    ? template.convertSendAndReceiveAsync("echo", "y", String.class)
                    : CompletableFuture.supplyAsync(() -> template.convertSendAndReceive("echo", "y", String.class));
            Awaitility.await().until(() -> session.metrics().performance().outFlowBytes() > sentBytes);
            assertThat(session.activeStreamCount()).isEqualTo(1);
            codec.mayRead.countDown();

            assertThat(call).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo("y");
            assertThat(context.getBean(Handlers.class).payloads).containsExactly("y");
            assertThat(server(context).handlerErrors()).isEqualTo(1);
        });
    }

    @Test
    void aCallThatIsRefusedItselfFails() {
        codec.mayRead.countDown();
        runner().run(context -> {
            Session session = session(context);
            ShmipcTemplate template = template(context);
            template.convertAndSend("echo", "x");
            assertThat(session.activeStreamCount()).isEqualTo(1);

            assertThatExceptionOfType(ShmipcRemoteException.class)
                    .isThrownBy(() -> template.convertSendAndReceive("echo", TOO_LARGE, String.class))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("malformed"));
            assertThat(template.convertSendAndReceive("echo", "y", String.class))
                    .isEqualTo("y");
        });
    }

    private static Session session(AssertableApplicationContext context) {
        SessionManager sessions = context.getBean(SessionManager.class);
        Awaitility.await().until(() -> sessions.sessions().stream().anyMatch(Session::isHealthy));
        return sessions.sessions().get(0);
    }

    /** Returns a template that may send more than the listener takes. */
    private static ShmipcTemplate template(AssertableApplicationContext context) {
        return ShmipcTemplate.builder(context.getBean(SessionManager.class)).build();
    }

    private static ListenerContainer server(AssertableApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(ShmipcListenerRegistry.class).container("server"));
    }

    /** Envelopes of a limited size, of which none is looked at before the test says so. */
    private static final class LateCodec implements StreamCodec {

        private final StreamCodec envelopes = new EnvelopeCodec(LIMIT_BYTES);
        private final CountDownLatch mayRead = new CountDownLatch(1);

        @Override
        public boolean isComplete(BufferReader reader) {
            try {
                return mayRead.await(20, TimeUnit.SECONDS) && envelopes.isComplete(reader);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public WireMessage decode(BufferReader reader) {
            return envelopes.decode(reader);
        }

        @Override
        public void encode(WireMessage message, BufferWriter writer) {
            envelopes.encode(message, writer);
        }
    }

    static class Handlers {

        final List<String> payloads = new CopyOnWriteArrayList<>();

        @ShmipcListener(route = "echo")
        String echo(String payload) {
            payloads.add(payload);
            return payload;
        }
    }
}
