package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.Cell.Mode;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.ForeignClient.Calls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A peer that is killed takes nothing with it but its own calls. */
@Timeout(120)
@ExtendWith(InteropTable.Writer.class)
@RequiresGo
class PeerLossIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** Far below the minute that shmipc-go takes, and far above what a machine without other work needs, some 50 ms. */
    private static final Duration AT_ONCE = Duration.ofSeconds(10);

    private static final int REGION = 32 << 20;

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
    @CsvSource({
        "GO, MEMFD_UNIX, SYNC, SYNC",
        "GO, MEMFD_UNIX, CALLBACK, CALLBACK",
        "GO, FILE_UNIX, SYNC, CALLBACK",
        "GO, FILE_TCP, CALLBACK, SYNC",
        "RUST, MEMFD_UNIX, SYNC, CALLBACK",
        "RUST, FILE_TCP, CALLBACK, SYNC"
    })
    void aClientReturnsAtOnceToAServerThatWasKilledAndRestarted(
            Foreign peer, Link link, Mode serverMode, Mode clientMode) {
        ForeignServer first = ForeignServer.start(peer, workspace.address(link), serverMode);
        try (first;
                CallingClient client = CallingClient.connect(first, link.memory, workspace, REGION)) {
            AtomicInteger answered = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> load =
                    CompletableFuture.runAsync(() -> callUntil(enough, client, clientMode, answered));
            await().atMost(PATIENCE).until(() -> answered.get() >= 100);

            first.process().kill();
            try (ForeignServer second = ForeignServer.start(peer, first.address(), serverMode)) {
                long restarted = System.nanoTime();
                int before = answered.get();
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(() -> answered.get() >= before + 100);
                assertThat(Duration.ofNanos(System.nanoTime() - restarted)).isLessThan(AT_ONCE);
                enough.set(true);
                load.join();
                client.close();
                assertThat(second.finish().firstError()).isEmpty();
            }
        }
        workspace.awaitNothingLeft();
    }

    private static void callUntil(AtomicBoolean enough, CallingClient client, Mode mode, AtomicInteger answered) {
        CallingClient.inParallel(8, index -> {
            while (!enough.get()) {
                try (Stream stream = client.manager().getStream()) {
                    callSome(enough, client, mode, stream, answered);
                } catch (ShmipcException e) {
                    // The server is gone, and with it this call; the next one finds the session lost or new.
                    Thread.onSpinWait();
                }
            }
        });
    }

    private static void callSome(
            AtomicBoolean enough, CallingClient client, Mode mode, Stream stream, AtomicInteger answered)
            throws InterruptedException {
        if (mode == Mode.SYNC) {
            while (!enough.get()) {
                client.call(stream, 5000);
                answered.incrementAndGet();
            }
            return;
        }
        CallingClient.Replies replies = client.new Replies(stream);
        while (!enough.get() && replies.tryCall(5000)) {
            answered.incrementAndGet();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GO, MEMFD_UNIX, THREADS, SYNC",
        "GO, MEMFD_UNIX, CALLBACKS, CALLBACK",
        "GO, FILE_UNIX, CALLBACKS, SYNC",
        "GO, FILE_UNIX, ANNOUNCEMENT, SYNC",
        "GO, FILE_TCP, THREADS, CALLBACK",
        "RUST, MEMFD_UNIX, CALLBACKS, SYNC",
        "RUST, FILE_UNIX, THREADS, CALLBACK"
    })
    void aServerSurvivesAKilledClientAndReleasesItsMemory(Foreign peer, Link link, Serving serving, Mode clientMode) {
        try (EchoServer server = EchoServer.start(workspace.address(link), serving);
                ChildProcess survivor = startLoad(peer, server, link, clientMode)) {
            survivor.await("READY", PATIENCE);
            try (ChildProcess victim = startLoad(peer, server, link, clientMode)) {
                victim.await("READY", PATIENCE);
                await().atMost(PATIENCE).until(() -> server.sessions().size() == 2);
                awaitCalls(server, 200);
                victim.kill();
            }
            await().atMost(PATIENCE).until(() -> server.sessions().size() == 1);
            awaitCalls(server, 200);
            survivor.command("stop");
            assertThat(survivor.awaitJson("DONE", PATIENCE).get("firstError").asString())
                    .isEmpty();
            survivor.end();
            survivor.awaitExit(PATIENCE);
            // The server is still there: what the victim shared must not wait for its end.
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(server.openStreams()).isZero();
                assertThat(workspace.memoryFiles()).isEmpty();
                assertThat(workspace.openMemfds()).isEmpty();
            });
            assertThat(server.finish().firstError()).isEmpty();
        }
        workspace.awaitNothingLeft();
    }

    private ChildProcess startLoad(Foreign peer, EchoServer server, Link link, Mode mode) {
        return ForeignClient.call(peer, server, link, workspace, new Calls(mode, 8, 0, List.of(100, 20_000)));
    }

    private static void awaitCalls(EchoServer server, int more) {
        long before = server.totals().received();
        await().atMost(PATIENCE).until(() -> server.totals().received() >= before + more);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void readersLearnThatTheirServerWasKilled(Mode mode) throws Exception {
        try (GoServer server = GoServer.start(workspace.address(Link.MEMFD_UNIX), mode, "-delay", "60s");
                CallingClient client = CallingClient.connect(server, MemoryType.MEMFD, workspace, REGION)) {
            AtomicInteger learned = new AtomicInteger();
            CompletableFuture<Void> readers = CompletableFuture.runAsync(() -> CallingClient.inParallel(16, index -> {
                try (Stream stream = client.manager().getStream()) {
                    client.call(stream, 100);
                } catch (ShmipcException e) {
                    learned.incrementAndGet();
                }
            }));
            await().atMost(PATIENCE).until(() -> server.totals().streams() >= (mode == Mode.SYNC ? 16 : 1));
            server.process().kill();
            readers.join();
            assertThat(learned).hasValue(16);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(workspace.memoryFiles()).isEmpty());
    }
}
