package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.Cell.Mode;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.ForeignClient.Calls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams that come and go by the thousand leave nothing behind, neither here nor at the peer. */
@Timeout(120)
@ExtendWith(InteropTable.Writer.class)
class StreamChurnIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int THREADS = 8;
    private static final int STREAMS_PER_THREAD = 250;

    private Workspace workspace;

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    @ParameterizedTest
    @CsvSource({"GO, SYNC", "GO, CALLBACK", "RUST, SYNC", "RUST, CALLBACK"})
    void aServerInAnotherLanguageServesThousandsOfStreams(Foreign peer, Mode mode) {
        try (ForeignServer server = ForeignServer.start(peer, workspace.address(Link.MEMFD_UNIX), mode);
                CallingClient client = connect(server)) {
            openCallAndClose(client);
            assertThat(server.totals().received()).isEqualTo(THREADS * STREAMS_PER_THREAD);
            assertThat(client.session().activeStreamCount()).isZero();
            assertThat(server.finish().firstError()).isEmpty();
        }
        workspace.awaitNothingLeft();
    }

    @ParameterizedTest
    @EnumSource(Serving.class)
    void thisServerServesThousandsOfStreams(Serving serving) {
        try (EchoServer server = EchoServer.start(workspace.address(Link.MEMFD_UNIX), serving);
                CallingClient client = connect(server)) {
            openCallAndClose(client);
            assertAllGone(server, client);
            assertThat(server.totals().received()).isEqualTo(THREADS * STREAMS_PER_THREAD);
            assertThat(server.totals().ended()).isEqualTo(THREADS * STREAMS_PER_THREAD);
        }
        workspace.awaitNothingLeft();
    }

    @ParameterizedTest
    @EnumSource(Serving.class)
    void streamsThatAreClosedWithRepliesUnderWayGiveEverythingBack(Serving serving) {
        try (EchoServer server = EchoServer.start(workspace.address(Link.MEMFD_UNIX), serving);
                CallingClient client = connect(server)) {
            CallingClient.inParallel(THREADS, index -> {
                for (int i = 0; i < STREAMS_PER_THREAD; i++) {
                    try (Stream stream = client.session().openStream()) {
                        stream.setWriteDeadline(Instant.now().plus(PATIENCE));
                        send(client, stream, 100);
                        send(client, stream, 200);
                    }
                }
            });
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(server.totals().received()).isEqualTo(2L * THREADS * STREAMS_PER_THREAD));
            assertAllGone(server, client);
        }
        workspace.awaitNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"GO, THREADS", "GO, ANNOUNCEMENT", "GO, CALLBACKS", "RUST, THREADS", "RUST, CALLBACKS"})
    void aClientInAnotherLanguageMayOpenAStreamForEachCall(Foreign peer, Serving serving) {
        Calls calls = new Calls(Mode.SYNC, 16, 100, List.of(100, 9000)).closingAStreamAfter(1);
        try (EchoServer server = EchoServer.start(workspace.address(Link.MEMFD_UNIX), serving);
                ChildProcess client = ForeignClient.call(peer, server, Link.MEMFD_UNIX, workspace, calls)) {
            assertThat(client.awaitJson("DONE", PATIENCE).get("firstError").asString())
                    .isEmpty();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(server.openStreams()).isZero());
            assertThat(server.totals().streams()).isEqualTo(3200);
            assertThat(server.totals().ended()).isEqualTo(3200);
            assertThat(server.finish().firstError()).isEmpty();
        }
        workspace.awaitNothingLeft();
    }

    /** Nobody waits for replies in one of these tests, so the region holds all that can be under way. */
    private CallingClient connect(ServerPeer server) {
        return CallingClient.connect(server, Link.MEMFD_UNIX.memory, workspace, 256 << 20);
    }

    private static void openCallAndClose(CallingClient client) {
        CallingClient.inParallel(THREADS, index -> {
            for (int i = 0; i < STREAMS_PER_THREAD; i++) {
                try (Stream stream = client.session().openStream()) {
                    client.call(stream, i % 2 == 0 ? 100 : 9000);
                }
            }
        });
    }

    private static void send(CallingClient client, Stream stream, int size) {
        long sequence = client.nextSequence();
        Frames.send(stream, sequence, "", ByteBuffer.wrap(Frames.pattern(size, sequence)));
    }

    private static void assertAllGone(EchoServer server, CallingClient client) {
        Session atServer = server.sessions().get(0);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(client.session().activeStreamCount()).isZero();
            assertThat(atServer.activeStreamCount()).isZero();
            assertThat(server.openStreams()).isZero();
            assertThat(client.session().metrics().shareMemory().allInUsedShareMemoryInBytes())
                    .isZero();
        });
        assertThat(server.totals().firstError()).isEmpty();
        assertThat(atServer.isClosed()).isFalse();
    }
}
