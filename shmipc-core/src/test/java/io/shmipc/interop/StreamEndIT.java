package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.Reason;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.Cell.Mode;
import io.shmipc.interop.EchoServer.Serving;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that was flushed before a stream ended is delivered, and then its end. */
@Timeout(120)
@ExtendWith(InteropTable.Writer.class)
@RequiresGo
class StreamEndIT {

    private static final int FRAMES = 2000;
    private static final int REGION = 32 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private Workspace workspace;

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    static List<Arguments> waysToServe() {
        List<Arguments> ways = new ArrayList<>();
        for (Link link : Link.values()) {
            for (Serving serving : Serving.values()) {
                ways.add(Arguments.of(Foreign.GO, link, serving));
            }
        }
        ways.add(Arguments.of(Foreign.RUST, Link.MEMFD_UNIX, Serving.CALLBACKS));
        ways.add(Arguments.of(Foreign.RUST, Link.FILE_UNIX, Serving.ANNOUNCEMENT));
        ways.add(Arguments.of(Foreign.RUST, Link.FILE_TCP, Serving.THREADS));
        return ways;
    }

    static List<Arguments> servers() {
        List<Arguments> servers = new ArrayList<>();
        for (Foreign peer : Foreign.values()) {
            for (Mode mode : Mode.values()) {
                servers.add(Arguments.of(peer, mode));
            }
        }
        return servers;
    }

    @ParameterizedTest
    @MethodSource("waysToServe")
    void everythingThatAClientWroteBeforeItsCloseArrives(Foreign peer, Link link, Serving serving) {
        assertAllArrive(peer, link, serving, FRAMES, 100, REGION, true);
    }

    /** With files it could hang up, and remove them, before the server has found them: that handshake has no reply. */
    @ParameterizedTest
    @CsvSource({"GO, THREADS", "GO, ANNOUNCEMENT", "GO, CALLBACKS", "RUST, THREADS", "RUST, CALLBACKS"})
    void nothingIsLostWhenTheClientHangsUpAtOnce(Foreign peer, Serving serving) {
        assertAllArrive(peer, Link.MEMFD_UNIX, serving, FRAMES, 100, REGION, false);
    }

    /** Over TCP the client stays: a hang-up with unread replies is a reset, which discards what is still to be sent. */
    @ParameterizedTest
    @MethodSource("waysToServe")
    void framesThatFellBackArriveBeforeTheEnd(Foreign peer, Link link, Serving serving) {
        assertAllArrive(peer, link, serving, 100, 300_000, 1 << 20, link == Link.FILE_TCP);
    }

    private void assertAllArrive(
            Foreign peer, Link link, Serving serving, int frames, int size, int regionBytes, boolean stays) {
        try (EchoServer server = EchoServer.start(workspace.address(link), serving);
                ChildProcess client =
                        ForeignClient.send(peer, server, link, workspace, frames, size, regionBytes, false)) {
            if (!stays) {
                client.command("stop");
            }
            client.await("OK", PATIENCE);
            await().atMost(PATIENCE).untilAsserted(() -> {
                Totals totals = server.totals();
                assertThat(totals.received()).as("%s", totals).isEqualTo(frames);
                assertThat(totals.ended()).as("%s", totals).isEqualTo(1);
            });
            assertThat(server.totals().firstError()).isEmpty();
            assertThat(server.openStreams()).isZero();
            if (stays) {
                client.command("stop");
            }
            client.awaitJson("DONE", PATIENCE);
        }
        workspace.awaitNothingLeft();
    }

    @ParameterizedTest
    @MethodSource("waysToServe")
    void aClientReadsAllRepliesAndThenTheEnd(Foreign peer, Link link, Serving serving) {
        try (EchoServer server = EchoServer.start(workspace.address(link), serving, 500);
                ChildProcess client = ForeignClient.send(peer, server, link, workspace, 500, 100, REGION, true)) {
            assertThat(client.await("OK", PATIENCE)).isEqualTo("ended=end-of-stream replies=500");
            if (peer == Foreign.RUST) {
                client.command("stop");
            }
            client.awaitJson("DONE", PATIENCE);
            client.end();
            assertThat(client.awaitExit(PATIENCE)).isZero();
            Totals totals = server.finish();
            assertThat(totals.firstError()).isEmpty();
            assertThat(totals.ended()).isEqualTo(1);
        }
        workspace.awaitNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"GO, MEMFD_UNIX", "GO, FILE_UNIX", "GO, FILE_TCP", "RUST, MEMFD_UNIX", "RUST, FILE_TCP"})
    void everythingWrittenBeforeACloseArrives(Foreign peer, Link link) {
        try (ForeignServer server = ForeignServer.start(peer, workspace.address(link), Mode.SYNC);
                CallingClient client = CallingClient.connect(server, link.memory, workspace, REGION)) {
            Stream stream = client.manager().getStream();
            for (int i = 0; i < FRAMES; i++) {
                send(client, stream, 100);
            }
            stream.close();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(server.totals().received()).isEqualTo(FRAMES);
                assertThat(server.totals().ended()).isEqualTo(1);
            });
            awaitAllFree(client);
            assertThat(server.finish().firstError()).isEmpty();
        }
        workspace.awaitNothingLeft();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aStreamThatItsServerClosedGivesWhatIsLeftAndThenTheEnd(Foreign peer, Mode mode) {
        try (ForeignServer server = ForeignServer.start(peer, workspace.address(Link.MEMFD_UNIX), mode, 50);
                CallingClient client = CallingClient.connect(server, MemoryType.MEMFD, workspace, REGION)) {
            Stream stream = client.manager().getStream();
            stream.setReadDeadline(Instant.now().plus(PATIENCE));
            long first = client.nextSequence();
            Frames.send(stream, first, "", ByteBuffer.wrap(Frames.pattern(100, first)));
            for (int i = 1; i < 50; i++) {
                send(client, stream, 100);
            }
            for (int i = 0; i < 50; i++) {
                Frames.read(stream.bufferReader()).requireReply(first + i, 100, server.prefix());
            }
            assertThatThrownBy(() -> stream.bufferReader().readByte())
                    .isInstanceOfSatisfying(
                            StreamClosedException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.END_OF_STREAM));
            assertThat(stream.isOpen()).isFalse();
            assertThatThrownBy(() -> send(client, stream, 1)).isInstanceOf(StreamClosedException.class);
            stream.close();
            // Not asserted: shmipc-go loses the slice of the request that it was reading when it closed the stream.
            assertThat(server.finish().firstError()).isEmpty();
        }
        workspace.awaitNothingLeft();
    }

    /** Neither peer acts on an end of stream; it must not be harmed by one either. */
    @ParameterizedTest
    @MethodSource("servers")
    void aServerAnswersAfterAHalfCloseAndLearnsOfTheEndWithTheClose(Foreign peer, Mode mode) {
        try (ForeignServer server = ForeignServer.start(peer, workspace.address(Link.MEMFD_UNIX), mode);
                CallingClient client = CallingClient.connect(server, MemoryType.MEMFD, workspace, REGION)) {
            Stream stream = client.manager().getStream();
            stream.setReadDeadline(Instant.now().plus(PATIENCE));
            for (int i = 0; i < 50; i++) {
                send(client, stream, 100);
            }
            stream.flush(true);
            assertThatThrownBy(() -> send(client, stream, 1)).isInstanceOf(StreamClosedException.class);
            for (int i = 0; i < 50; i++) {
                Frames.read(stream.bufferReader());
            }
            stream.close();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(server.totals().ended()).isEqualTo(1));
            awaitAllFree(client);
            Totals totals = server.finish();
            assertThat(totals.firstError()).isEmpty();
            assertThat(totals.replied()).isEqualTo(50);
        }
        workspace.awaitNothingLeft();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void whatWasNotFlushedAtACloseIsNeitherSentNorLost(Foreign peer, Mode mode) {
        try (ForeignServer server = ForeignServer.start(peer, workspace.address(Link.MEMFD_UNIX), mode);
                CallingClient client = CallingClient.connect(server, MemoryType.MEMFD, workspace, REGION)) {
            for (int i = 0; i < 100; i++) {
                Stream stream = client.manager().getStream();
                if (i % 2 == 0) {
                    client.call(stream, 100);
                }
                Frames.write(stream.bufferWriter(), client.nextSequence(), "", ByteBuffer.wrap(new byte[20_000]));
                stream.close();
            }
            client.manager().execute(stream -> client.call(stream, 100));
            assertThat(server.totals().received()).isEqualTo(51);
            client.manager().getStream().close();
            awaitAllFree(client);
            assertThat(server.finish().firstError()).isEmpty();
        }
        workspace.awaitNothingLeft();
    }

    private static void send(CallingClient client, Stream stream, int size) {
        long sequence = client.nextSequence();
        Frames.send(stream, sequence, "", ByteBuffer.wrap(Frames.pattern(size, sequence)));
    }

    private static void awaitAllFree(CallingClient client) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                client.session().metrics().shareMemory().allInUsedShareMemoryInBytes())
                        .isZero());
    }
}
