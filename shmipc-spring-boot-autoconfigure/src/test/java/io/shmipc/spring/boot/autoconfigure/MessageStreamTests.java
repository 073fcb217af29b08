package io.shmipc.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Session;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.client.ShmipcRemoteException;
import io.shmipc.spring.client.ShmipcTemplate;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import io.shmipc.spring.message.EnvelopeCodec;
import io.shmipc.spring.message.MessageType;
import io.shmipc.spring.message.StreamCodec;
import io.shmipc.spring.message.WireMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Order, bounds and ends: what becomes of the messages of one stream, and of several. */
@Timeout(60)
class MessageStreamTests {

    private static final EnvelopeCodec CODEC = new EnvelopeCodec();

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return MessageContexts.clientAndServer(directory).withBean(Handlers.class);
    }

    @Test
    void messagesOfOneStreamAreHandledInOrderAndAnsweredByTheirNumbers() {
        runner().run(context -> {
            Stream stream = open(context);
            for (int i = 1; i <= 100; i++) {
                write(stream, request(i, i % 2 == 0 ? "number" : "number-later", Integer.toString(i)));
            }
            stream.flush();

            List<Long> answered = new ArrayList<>();
            for (int i = 1; i <= 100; i++) {
                WireMessage reply = CODEC.decode(stream.bufferReader());
                assertThat(reply.payloadText()).isEqualTo("answer " + reply.correlation());
                answered.add(reply.correlation());
                stream.bufferReader().releasePreviousRead();
            }
            assertThat(answered)
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 100)
                            .mapToObj(Long::valueOf)
                            .toList());
            assertThat(context.getBean(Handlers.class).numbers)
                    .isEqualTo(IntStream.rangeClosed(1, 100)
                            .mapToObj(Integer::toString)
                            .toList());
        });
    }

    @Test
    void aMessageMayArriveByteByByte() {
        runner().run(context -> {
            Stream stream = open(context);
            SingleBytes.write(CODEC, request(1, "number", "1"), stream);

            assertThat(CODEC.decode(stream.bufferReader()).payloadText()).isEqualTo("answer 1");
        });
    }

    @Test
    void aClientThatOnlyEndsItsSideGetsTheRepliesThatAreDue() {
        runner().run(context -> {
            Stream stream = open(context);
            write(stream, request(1, "gated-later", "x"));
            write(stream, request(2, "number", "2"));
            stream.flush(true);

            assertThat(CODEC.decode(stream.bufferReader()).correlation()).isEqualTo(2);
            context.getBean(Handlers.class).gate.release();
            assertThat(CODEC.decode(stream.bufferReader()).correlation()).isEqualTo(1);
            assertThatExceptionOfType(StreamClosedException.class)
                    .isThrownBy(() -> stream.bufferReader().readByte());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000003", "7fffffff", "00000010 02", "00000010 01 09", "00000010 01 02 0000"})
    void whatIsNoMessageEndsItsStreamAloneAndSaysWhy(String hex) {
        runner().run(context -> {
            Stream good = open(context);
            Stream bad = open(context);
            byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
            bad.bufferWriter().writeBytes(Arrays.copyOf(bytes, 16));
            bad.flush();

            WireMessage error = CODEC.decode(bad.bufferReader());
            assertThat(error.type()).isEqualTo(MessageType.ERROR);
            assertThat(error.correlation()).isZero();
            assertThat(error.headers()).containsEntry(WireMessage.CODE, "malformed");
            assertThat(error.payloadText()).isNotEmpty();
            assertThatExceptionOfType(ShmipcException.class)
                    .isThrownBy(() -> bad.bufferReader().readByte());

            write(good, request(1, "number", "1"));
            good.flush();
            assertThat(CODEC.decode(good.bufferReader()).payloadText()).isEqualTo("answer 1");
            assertThat(server(context).handlerErrors()).isEqualTo(1);
        });
    }

    @Test
    void streamsAreServedSideBySideWithinTheBound() {
        runner().withPropertyValues("test.concurrency=3").run(context -> {
            ShmipcTemplate template = context.getBean(ShmipcTemplate.class);
            Handlers handlers = context.getBean(Handlers.class);
            List<CompletableFuture<String>> calls = IntStream.range(0, 10)
                    .mapToObj(i -> template.convertSendAndReceiveAsync("bounded", "x", String.class))
                    .toList();

            Awaitility.await().until(() -> handlers.inside.get() == 3);
            assertThat(template.convertSendAndReceive("number", "1", String.class))
                    .isEqualTo("answer 1");
            handlers.gate.release(10);
            CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
            assertThat(handlers.mostInside).hasValue(3);
        });
    }

    @Test
    void aMessageThatNoMemoryIsLeftForEndsItsStreamAndKeepsNoOtherFromBeingHandled() throws IOException {
        ByteBuffer tooLarge = mapped(directory.resolve("too-large"), Integer.MAX_VALUE);
        runner().withPropertyValues("test.concurrency=1", "test.grace-period=20s")
                .withBean(StreamCodec.class, () -> new SwellingCodec(tooLarge))
                .run(context -> {
                    Stream bad = open(context);
                    write(bad, request(1, "bounded", SwellingCodec.SWELLS));
                    bad.flush();
                    assertThatExceptionOfType(StreamClosedException.class)
                            .isThrownBy(() -> bad.bufferReader().readByte());

                    context.getBean(Handlers.class).gate.release();
                    assertThat(context.getBean(ShmipcTemplate.class)
                                    .convertSendAndReceive("bounded", "x", String.class))
                            .isEqualTo("done");
                    assertThat(server(context).handlerErrors()).isEqualTo(1);
                    Awaitility.await()
                            .untilAsserted(() -> assertThat(
                                            server(context).activeCalls().count())
                                    .isZero());
                });
    }

    @Test
    void aListenerThatStopsAnswersWhatIsUnderWayAndRefusesTheRest() {
        runner().withPropertyValues("test.grace-period=20s").run(context -> {
            ShmipcTemplate template = context.getBean(ShmipcTemplate.class);
            Handlers handlers = context.getBean(Handlers.class);
            ShmipcListenerRegistry registry = context.getBean(ShmipcListenerRegistry.class);
            Stream idle = open(context);
            write(idle, request(1, "number", "1"));
            idle.flush();
            assertThat(CODEC.decode(idle.bufferReader()).correlation()).isEqualTo(1);

            CompletableFuture<String> sync = template.convertSendAndReceiveAsync("bounded", "x", String.class);
            CompletableFuture<String> later = template.convertSendAndReceiveAsync("gated-later", "x", String.class);
            Awaitility.await().until(() -> handlers.inside.get() == 1 && handlers.later.getCount() == 0);
            CountDownLatch stopped = new CountDownLatch(1);
            registry.stop(stopped::countDown);

            Awaitility.await()
                    .untilAsserted(() -> assertThatExceptionOfType(ShmipcRemoteException.class)
                            .isThrownBy(() -> template.convertSendAndReceive("number", "2", String.class))
                            .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("unavailable")));
            assertThat(stopped.getCount()).isEqualTo(1);
            handlers.gate.release(2);

            assertThat(sync.get(10, TimeUnit.SECONDS)).isEqualTo("done");
            assertThat(later.get(10, TimeUnit.SECONDS)).isEqualTo("done later");
            assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        });
    }

    @Test
    void aListenerCanWaitForBeingStartedByHand() {
        runner().withPropertyValues("test.auto-startup=false").run(context -> {
            ListenerContainer server = server(context);
            assertThat(server.isRunning()).isFalse();

            server.start();
            Awaitility.await()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(context.getBean(ShmipcTemplate.class)
                                    .convertSendAndReceive("number", "1", String.class))
                            .isEqualTo("answer 1"));
            server.stop();
            assertThat(server.isRunning()).isFalse();
        });
    }

    private static Stream open(AssertableApplicationContext context) {
        SessionManager sessions = context.getBean(SessionManager.class);
        Awaitility.await().until(() -> sessions.sessions().stream().anyMatch(Session::isHealthy));
        Stream stream = sessions.getStream();
        stream.setDeadline(Instant.now().plusSeconds(20));
        return stream;
    }

    private static WireMessage request(long correlation, String route, String payload) {
        return new WireMessage(
                MessageType.REQUEST,
                correlation,
                Map.of(WireMessage.ROUTE, route),
                ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)));
    }

    private static void write(Stream stream, WireMessage message) {
        CODEC.encode(message, stream.bufferWriter());
    }

    private static ByteBuffer mapped(Path file, int bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
        }
    }

    private static ListenerContainer server(AssertableApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(ShmipcListenerRegistry.class).container("server"));
    }

    /** Reads envelopes, but makes the payload of some so large that no array holds it. */
    private record SwellingCodec(ByteBuffer tooLarge) implements StreamCodec {

        static final String SWELLS = "swells";

        @Override
        public boolean isComplete(BufferReader reader) {
            return CODEC.isComplete(reader);
        }

        @Override
        public WireMessage decode(BufferReader reader) {
            WireMessage message = CODEC.decode(reader);
            return message.payloadText().equals(SWELLS)
                    ? new WireMessage(message.type(), message.correlation(), message.headers(), tooLarge)
                    : message;
        }

        @Override
        public void encode(WireMessage message, BufferWriter writer) {
            CODEC.encode(message, writer);
        }
    }

    static class Handlers {

        final List<String> numbers = Collections.synchronizedList(new ArrayList<>());
        final Semaphore gate = new Semaphore(0);
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger mostInside = new AtomicInteger();
        final CountDownLatch later = new CountDownLatch(1);

        @ShmipcListener(route = "number", autoStartup = "${test.auto-startup:true}")
        String number(String number) {
            numbers.add(number);
            return "answer " + number;
        }

        @ShmipcListener(route = "number-later")
        CompletableFuture<String> numberLater(String number) {
            numbers.add(number);
            return CompletableFuture.supplyAsync(() -> "answer " + number);
        }

        @ShmipcListener(route = "gated-later")
        CompletableFuture<String> gatedLater(String payload) {
            later.countDown();
            return CompletableFuture.supplyAsync(() -> {
                gate.acquireUninterruptibly();
                return "done later";
            });
        }

        @ShmipcListener(route = "bounded", concurrency = "${test.concurrency:100}")
        String bounded(String payload) throws InterruptedException {
            mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
            gate.acquire();
            inside.decrementAndGet();
            return "done";
        }
    }
}
