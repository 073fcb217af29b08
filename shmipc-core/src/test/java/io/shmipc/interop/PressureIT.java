package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BackPressureException;
import io.shmipc.MemoryType;
import io.shmipc.Reason;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.StabilityMetrics;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.Cell.Mode;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.ForeignClient.Calls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A queue or a region that is full holds a sender up or sends it another way; it loses nothing. */
@Timeout(120)
@ExtendWith(InteropTable.Writer.class)
@RequiresGo
class PressureIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int REGION = 32 << 20;

    /** Too small for what 64 streams have under way. */
    private static final int SMALL_REGION = 8 << 20;

    private static final int QUEUE = 8;

    private Workspace workspace;

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    private CallingClient connect(ServerPeer server, MemoryType memory, int regionBytes, int queueCapacity) {
        ShmipcConfig config = CallingClient.config(memory, workspace, regionBytes).toBuilder()
                .queueCapacity(queueCapacity)
                .build();
        return CallingClient.connect(server.address(), server.prefix(), config);
    }

    // ---------------------------------------------------------------- a full queue

    @ParameterizedTest
    @CsvSource({"GO, SYNC", "GO, CALLBACK", "RUST, SYNC", "RUST, CALLBACK"})
    void aFlushThatMeetsAFullQueueGivesUpAndTheStreamGoesOn(Foreign peer, Mode mode) {
        assertHeldUp(peer, mode, stream -> {}, e -> {
            assertThat(e).isInstanceOf(BackPressureException.class);
            assertThat(e.reason()).isEqualTo(Reason.QUEUE_FULL);
        });
    }

    @ParameterizedTest
    @CsvSource({"GO, SYNC", "GO, CALLBACK", "RUST, SYNC", "RUST, CALLBACK"})
    void aFlushThatMeetsAFullQueueGivesUpAtItsDeadline(Foreign peer, Mode mode) {
        assertHeldUp(peer, mode, stream -> stream.setWriteDeadline(Instant.now().plusMillis(300)), e -> {
            assertThat(e).isInstanceOf(ShmipcTimeoutException.class);
            assertThat(e.reason()).isEqualTo(Reason.TIMEOUT);
        });
    }

    private void assertHeldUp(
            Foreign peer, Mode mode, Consumer<Stream> prepare, Consumer<ShmipcException> expectation) {
        try (ForeignServer server = ForeignServer.start(peer, workspace.address(Link.MEMFD_UNIX), mode);
                CallingClient client = connect(server, MemoryType.MEMFD, REGION, QUEUE)) {
            try (Stream stream = client.manager().getStream()) {
                client.call(stream, 100);
                server.process().pause();
                stream.setDeadline(null);
                prepare.accept(stream);
                long begin = System.nanoTime();
                assertThatThrownBy(() -> {
                            for (int i = 0; i <= QUEUE; i++) {
                                send(client, stream, 1000);
                            }
                        })
                        .isInstanceOfSatisfying(ShmipcException.class, expectation);
                assertThat(Duration.ofNanos(System.nanoTime() - begin))
                        .isBetween(Duration.ofMillis(90), Duration.ofSeconds(10));
                server.process().resume();
                // The frames that had a place come first, then this one.
                stream.setReadDeadline(Instant.now().plus(PATIENCE));
                for (int i = 0; i < QUEUE; i++) {
                    Frames.read(stream.bufferReader());
                }
                stream.bufferReader().releasePreviousRead();
                client.call(stream, 100);
                assertThat(client.session().metrics().stability().queueFullErrorCount())
                        .isPositive();
            }
            awaitAllFree(client);
            assertThat(server.finish().firstError()).isEmpty();
        }
        workspace.awaitNothingLeft();
    }

    /** A Go server waits 100 ms for a place and then gives the stream up, which a busy machine may bring about. */
    @ParameterizedTest
    @CsvSource({"GO, MEMFD_UNIX, SYNC", "GO, FILE_UNIX, CALLBACK", "GO, FILE_TCP, SYNC", "RUST, MEMFD_UNIX, CALLBACK"})
    void manyStreamsShareAQueueOfEightElements(Foreign peer, Link link, Mode mode) {
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger givenUp = new AtomicInteger();
        try (ForeignServer server = ForeignServer.start(peer, workspace.address(link), mode);
                CallingClient client = connect(server, link.memory, REGION, QUEUE)) {
            CallingClient.inParallel(32, index -> {
                for (int i = 0; i < 20; i++) {
                    try (Stream stream = client.manager().getStream()) {
                        client.call(stream, 1000);
                        answered.incrementAndGet();
                    } catch (StreamClosedException e) {
                        givenUp.incrementAndGet();
                    }
                }
            });
            assertThat(answered.get() + givenUp.get()).isEqualTo(640);
            assertThat(answered).hasValueGreaterThan(320);
            assertThat(server.finish().errors()).isLessThanOrEqualTo(givenUp.get());
        }
        workspace.awaitNothingLeft();
    }

    /** A Go client, too, gives up after 100 ms, and so does this server. */
    @ParameterizedTest
    @CsvSource({"GO, THREADS", "GO, ANNOUNCEMENT", "GO, CALLBACKS", "RUST, THREADS", "RUST, CALLBACKS"})
    void streamsOfAClientInAnotherLanguageShareAQueueOfEightElements(Foreign peer, Serving serving) {
        Calls calls = new Calls(Mode.SYNC, 32, 20, List.of(1000)).with(REGION, QUEUE);
        try (EchoServer server = EchoServer.start(workspace.address(Link.MEMFD_UNIX), serving);
                ChildProcess client = ForeignClient.call(peer, server, Link.MEMFD_UNIX, workspace, calls)) {
            JsonNode done = client.awaitJsonDespiteFailures("DONE", PATIENCE);
            assertThat(done.get("corrupt").asInt()).isZero();
            assertThat(done.get("refused").asInt()).isZero();
            assertThat(done.get("roundtrips").asInt() + done.get("lost").asInt())
                    .isEqualTo(640);
            assertThat(done.get("roundtrips").asInt()).isGreaterThan(320);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(server.openStreams()).isZero());
        }
        workspace.awaitNothingLeft();
    }

    // ---------------------------------------------------------------- an exhausted region

    @ParameterizedTest
    @CsvSource({
        "GO, MEMFD_UNIX, SYNC",
        "GO, MEMFD_UNIX, CALLBACK",
        "GO, FILE_UNIX, SYNC",
        "GO, FILE_UNIX, CALLBACK",
        "GO, FILE_TCP, SYNC",
        "GO, FILE_TCP, CALLBACK",
        "RUST, MEMFD_UNIX, SYNC",
        "RUST, FILE_TCP, CALLBACK"
    })
    void streamsThatExhaustTheRegionFallBackInBothDirections(Foreign peer, Link link, Mode mode) {
        try (ForeignServer server = ForeignServer.start(peer, workspace.address(link), mode);
                CallingClient client = connect(server, link.memory, SMALL_REGION, 8192)) {
            Stream[] streams = new Stream[64];
            for (int i = 0; i < streams.length; i++) {
                streams[i] = client.manager().getStream();
            }
            CallingClient.inParallel(streams.length, index -> {
                for (int size : new int[] {1 << 20, 100, 300_000}) {
                    client.call(streams[index], size);
                }
                streams[index].close();
            });
            StabilityMetrics stability = client.session().metrics().stability();
            assertThat(stability.fallbackWriteCount()).isPositive();
            assertThat(stability.fallbackReadCount()).isPositive();
            assertThat(stability.allocShmErrorCount()).isPositive();
            awaitAllFree(client);
            assertThat(server.finish().firstError()).isEmpty();
        }
        workspace.awaitNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"GO, THREADS", "GO, ANNOUNCEMENT", "GO, CALLBACKS", "RUST, THREADS", "RUST, CALLBACKS"})
    void streamsThatExhaustTheirRegionAreServedThroughTheConnection(Foreign peer, Serving serving) {
        Calls calls = new Calls(Mode.SYNC, 64, 1, List.of(100, 1 << 20, 300_000)).with(SMALL_REGION, 8192);
        try (EchoServer server = EchoServer.start(workspace.address(Link.MEMFD_UNIX), serving);
                ChildProcess client = ForeignClient.call(peer, server, Link.MEMFD_UNIX, workspace, calls)) {
            JsonNode done = client.awaitJson("DONE", PATIENCE);
            assertThat(done.get("firstError").asString()).isEmpty();
            assertThat(done.get("fallbackWrites").asInt()).isPositive();
            assertThat(done.get("fallbackReads").asInt()).isPositive();
            client.end();
            assertThat(client.awaitExit(PATIENCE)).isZero();
            assertThat(server.finish().firstError()).isEmpty();
        }
        workspace.awaitNothingLeft();
    }

    // ---------------------------------------------------------------- deadlines

    @Test
    void aReplyThatMissedItsDeadlineCanStillBeRead() {
        try (GoServer server = GoServer.start(workspace.address(Link.MEMFD_UNIX), Mode.SYNC, "-delay", "1s");
                CallingClient client = CallingClient.connect(server, MemoryType.MEMFD, workspace, REGION);
                Stream stream = client.manager().getStream()) {
            long request = send(client, stream, 100);
            stream.setReadDeadline(Instant.now().plusMillis(20));
            assertThatThrownBy(() -> stream.bufferReader().readInt())
                    .isInstanceOfSatisfying(
                            ShmipcTimeoutException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
            stream.setReadDeadline(Instant.now().plus(PATIENCE));
            Frames.read(stream.bufferReader()).requireReply(request, 100, server.prefix());
            stream.bufferReader().releasePreviousRead();
            client.call(stream, 100);
        }
    }

    @Test
    void everyWaitingThreadKeepsItsOwnDeadline() {
        try (GoServer server = GoServer.start(workspace.address(Link.MEMFD_UNIX), Mode.SYNC, "-delay", "60s");
                CallingClient client = CallingClient.connect(server, MemoryType.MEMFD, workspace, REGION)) {
            CallingClient.inParallel(32, index -> {
                try (Stream stream = client.manager().getStream()) {
                    Duration limit = Duration.ofMillis(20 + 20L * index);
                    long begin = System.nanoTime();
                    stream.setReadDeadline(Instant.now().plus(limit));
                    send(client, stream, 100);
                    assertThatThrownBy(() -> stream.bufferReader().readInt())
                            .isInstanceOf(ShmipcTimeoutException.class);
                    assertThat(Duration.ofNanos(System.nanoTime() - begin))
                            .isBetween(limit.minusMillis(5), limit.plusSeconds(5));
                }
            });
        }
    }

    // ---------------------------------------------------------------- helpers

    private static long send(CallingClient client, Stream stream, int size) {
        long sequence = client.nextSequence();
        Frames.send(stream, sequence, "", ByteBuffer.wrap(Frames.pattern(size, sequence)));
        return sequence;
    }

    private static void awaitAllFree(CallingClient client) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(inUse(client)).isZero());
    }

    private static long inUse(CallingClient client) {
        return client.session().metrics().shareMemory().allInUsedShareMemoryInBytes();
    }
}
