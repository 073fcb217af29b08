package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.Cell.Mode;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.ForeignClient.Calls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Server processes that follow each other under load lose no call, whichever side is written in Go. */
@Timeout(180)
@ExtendWith(InteropTable.Writer.class)
@RequiresGo
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HotRestartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** After which shmipc-go calls a hot restart done although clients have not followed. */
    private static final Duration GIVEN_UP = Duration.ofSeconds(2);

    private static final int SESSIONS = 2;
    private static final int CALLERS = 8;
    private static final int RESTARTS = 2;

    private Workspace workspace;

    /** Two processes whose servers follow each other. */
    private final List<ChildProcess> processes = new ArrayList<>();

    @AfterAll
    void endProcesses() {
        processes.forEach(ChildProcess::close);
    }

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    // ---------------------------------------------------------------- Go servers

    /** shmipc-go cannot restart over TCP: two of its servers cannot share a port. */
    @ParameterizedTest
    @CsvSource({"MEMFD_UNIX, SYNC", "MEMFD_UNIX, CALLBACK", "FILE_UNIX, SYNC", "FILE_UNIX, CALLBACK"})
    void noCallIsLostWhileGoServersReplaceEachOther(Link link, Mode clientMode) {
        List<GoServer> servers = new ArrayList<>();
        servers.add(GoServer.start(workspace.address(link), Mode.CALLBACK));
        AtomicLong answered = new AtomicLong();
        AtomicBoolean enough = new AtomicBoolean();
        try (CallingClient client = connect(servers.get(0), link)) {
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> CallingClient.inParallel(CALLERS, index -> {
                while (!enough.get()) {
                    callOnce(client, clientMode, index % 2 == 0 ? 100 : 20_000);
                    answered.incrementAndGet();
                }
            }));
            awaitMore(answered, 100);
            for (int epoch = 1; epoch <= RESTARTS; epoch++) {
                GoServer old = servers.get(servers.size() - 1);
                old.handOverSocket();
                servers.add(GoServer.start(old.address(), Mode.CALLBACK));
                assertThat(old.hotRestart(epoch)).isLessThan(GIVEN_UP);
                await().atMost(PATIENCE).until(() -> old.openStreams() == 0);
                Totals totals = old.finish();
                assertThat(totals.firstError()).isEmpty();
                assertThat(totals.replied()).isEqualTo(totals.received());
                awaitMore(answered, 100);
                assertThat(load).isNotDone();
            }
            enough.set(true);
            load.join();
            assertThat(client.manager().sessions()).hasSize(SESSIONS).noneMatch(session -> session.isClosed());
            client.close();
            assertThat(servers.get(servers.size() - 1).finish().firstError()).isEmpty();
        } finally {
            enough.set(true);
            servers.forEach(GoServer::close);
        }
        workspace.awaitNothingLeft();
    }

    private CallingClient connect(ServerPeer server, Link link) {
        SessionManagerConfig config = SessionManagerConfig.builder(server.address())
                .config(CallingClient.config(link.memory, workspace, 32 << 20))
                .sessions(SESSIONS)
                .build();
        return new CallingClient(SessionManager.open(config), server.prefix());
    }

    private static void callOnce(CallingClient client, Mode mode, int size) throws InterruptedException {
        if (mode == Mode.SYNC) {
            client.manager().execute(stream -> client.call(stream, size));
            return;
        }
        try (Stream stream = client.manager().getStream()) {
            client.new Replies(stream).call(size);
        }
    }

    private static void awaitMore(AtomicLong counter, int more) {
        long before = counter.get();
        await().atMost(PATIENCE).until(() -> counter.get() >= before + more);
    }

    // ---------------------------------------------------------------- Go clients

    @ParameterizedTest
    @CsvSource({
        "MEMFD_UNIX, CALLBACKS, sync",
        "MEMFD_UNIX, THREADS, callback",
        "FILE_UNIX, THREADS, sync",
        "FILE_UNIX, CALLBACKS, callback",
        "FILE_TCP, CALLBACKS, sync"
    })
    void noCallOfAGoClientIsLostWhileServersReplaceEachOther(Link link, Serving serving, String clientMode) {
        while (processes.size() < 2) {
            processes.add(JavaPeer.start());
        }
        ServerPeer server = JavaPeer.succeed(processes.get(0), workspace.address(link), serving);
        long received = 0;
        try (ChildProcess client = startLoad(server, link, clientMode)) {
            client.await("READY", PATIENCE);
            awaitCalls(server, 100);
            for (int epoch = 1; epoch <= RESTARTS; epoch++) {
                ChildProcess successor = processes.get(epoch % 2);
                ServerPeer next = JavaPeer.succeed(successor, server.address(), serving);
                JavaPeer.hotRestart(processes.get((epoch + 1) % 2), epoch);
                // Every caller has long had a stream of the successor when its server has answered so many calls; the
                // streams in shmipc-go's pool of the old session are never closed.
                awaitCalls(next, 100 * CALLERS);
                Totals totals = server.finish();
                assertThat(totals.firstError()).isEmpty();
                assertThat(totals.replied()).isEqualTo(totals.received());
                received += totals.received();
                server = next;
            }
            client.command("stop");
            JsonNode done = client.awaitJson("DONE", PATIENCE);
            assertThat(done.get("firstError").asString()).isEmpty();
            assertThat(done.get("errors").asLong()).isZero();
            assertThat(client.awaitExit(PATIENCE)).isZero();
            Totals totals = server.finish();
            assertThat(totals.firstError()).isEmpty();
            assertThat(done.get("roundtrips").asLong()).isEqualTo(received + totals.received());
        }
        workspace.awaitNothingLeft();
    }

    private ChildProcess startLoad(ServerPeer server, Link link, String mode) {
        ShmipcAddress address = server.address();
        List<String> flags = List.of(
                "-mode",
                mode,
                "-prefix",
                server.prefix(),
                "-sessions",
                Integer.toString(SESSIONS),
                "-streams",
                Integer.toString(CALLERS),
                "-calls-per-stream",
                "5",
                "-sizes",
                "100,20000",
                "-deadline",
                CallingClient.DEADLINE.toSeconds() + "s",
                "-duration",
                "120s");
        return GoClient.start("client", address, link, workspace, flags.toArray(String[]::new));
    }

    private static void awaitCalls(ServerPeer server, int more) {
        long before = server.totals().received();
        await().atMost(PATIENCE).until(() -> server.totals().received() >= before + more);
    }

    // ---------------------------------------------------------------- Rust clients

    /** The crate knows no hot restart: it ends its session, and opens another one in its own time. */
    @Test
    void aRustClientEndsItsSessionAndHoldsNoHotRestartUp() {
        Calls calls = new Calls(Mode.SYNC, CALLERS, 0, List.of(100));
        try (EchoServer server = EchoServer.start(workspace.address(Link.MEMFD_UNIX), Serving.CALLBACKS);
                ChildProcess client = ForeignClient.call(Foreign.RUST, server, Link.MEMFD_UNIX, workspace, calls)) {
            awaitCalls(server, 100);
            assertThat(server.listener().hotRestart(1).toCompletableFuture()).succeedsWithin(PATIENCE);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(server.sessions()).isEmpty();
                assertThat(server.openStreams()).isZero();
            });
            assertThat(server.totals().firstError()).isEmpty();
            assertThat(client.isAlive()).isTrue();
        }
        workspace.awaitNothingLeft();
    }
}
