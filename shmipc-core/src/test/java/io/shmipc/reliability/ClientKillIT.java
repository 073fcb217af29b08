package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcConfig;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.interop.CallingClient;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.EchoServer;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.GoClient;
import io.shmipc.interop.RequiresGo;
import io.shmipc.interop.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that are killed at any time, from their start to under load: the server lets go of what they shared, and
 * another client's calls go on.
 */
@Reliability
@Timeout(300)
class ClientKillIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration RECOVERY = Duration.ofMillis(250);
    private static final int LATEST_KILL_NANOS = 20_000_000;

    /** More than a client needs from its start to its first call. */
    private static final int LATEST_EARLY_JAVA_KILL_NANOS = 800_000_000;

    private static final int LATEST_EARLY_GO_KILL_NANOS = 60_000_000;

    private static final int BYSTANDERS_CALLS = 5;

    /** Older than what a sweep leaves alone. */
    private static final Duration LONG_AGO = Duration.ofMinutes(1);

    private Workspace workspace;
    private EchoServer server;
    private Load bystander;

    @BeforeEach
    void startServerAndBystander() {
        workspace = new Workspace();
        server = EchoServer.start(workspace.address(Link.MEMFD_UNIX), Serving.CALLBACKS);
        bystander = new Load(CallingClient.connect(
                server.address(),
                server.prefix(),
                ShmipcConfig.builder()
                        .pathPrefix(workspace.pathPrefix() + "-bystander")
                        .regionBytes(Load.REGION_BYTES)
                        .build()));
        bystander.start();
        bystander.awaitAnswers(BYSTANDERS_CALLS, PATIENCE);
    }

    @AfterEach
    void end() {
        bystander.close();
        server.close();
        workspace.close();
    }

    @Test
    void aServerOutlivesJavaClients() throws Exception {
        Figures.keep("kills.client.java", 8, promise("Java"), figure -> outlive(figure, this::startJavaClient, true));
    }

    @Test
    @RequiresGo
    void aServerOutlivesGoClients() throws Exception {
        Figures.keep("kills.client.go", 30, promise("Go"), figure -> outlive(figure, this::startGoClient, false));
    }

    private static String promise(String peer) {
        return "kill -9 of a " + peer + " client: another's calls go on, its memory is let go of at p99 < "
                + RECOVERY.toMillis() + " ms, nothing left behind";
    }

    /** Starts a client with memory of a type. */
    private interface Clients {
        ChildProcess start(MemoryType memory);
    }

    private ChildProcess startJavaClient(MemoryType memory) {
        ChildProcess client = Peer.start();
        client.command("load " + server.address() + " " + server.prefix() + " " + memory + " " + victims());
        return client;
    }

    private ChildProcess startGoClient(MemoryType memory) {
        Link link = memory == MemoryType.MEMFD ? Link.MEMFD_UNIX : Link.FILE_UNIX;
        return GoClient.start(
                "client",
                server.address(),
                link,
                workspace,
                "-path-prefix",
                victims(),
                "-prefix",
                server.prefix(),
                "-streams",
                "4",
                "-sizes",
                "100,3000,20000",
                "-duration",
                "60s");
    }

    /** Returns what the names of the clients' memory begin with that are killed. */
    private String victims() {
        return workspace.pathPrefix() + "-victim";
    }

    /**
     * Kills clients, every second one while it starts.
     *
     * @param sweeps whether a new client of this kind removes what dead ones left; shmipc-go's has no such thing, so it
     *     is killed while it starts only if it uses memfds
     */
    private String outlive(Figures figure, Clients clients, boolean sweeps) throws Exception {
        int latestEarlyNanos = sweeps ? LATEST_EARLY_JAVA_KILL_NANOS : LATEST_EARLY_GO_KILL_NANOS;
        Latencies recoveries = new Latencies();
        int descriptors = Holdings.now(victims()).descriptors();
        for (long i = 0; i < figure.count(); i++) {
            boolean early = i % 2 == 1;
            MemoryType memory = i % 4 < 2 && (sweeps || !early) ? MemoryType.FILE : MemoryType.MEMFD;
            recoveries.add(killOnce(clients, memory, early ? latestEarlyNanos : 0));
            figure.reached(i + 1);
        }
        new Holdings(descriptors, 0).awaitNoMore(victims());
        if (sweeps) {
            sweep();
        }
        assertThat(workspace.memoryFiles())
                .as("files left by clients that were killed")
                .isEmpty();
        bystander.stop();
        assertThat(bystander.failed()).as("calls that another client lost").isZero();
        assertThat(server.totals().firstError()).isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(bystander.bytesInUse())
                        .as("shared memory in use without a call")
                        .isZero());
        recoveries.requireP99Below(RECOVERY, "letting go");
        return "let go after " + recoveries + "; %,d calls of another client answered".formatted(bystander.answered());
    }

    /**
     * Kills a client.
     *
     * @param latestEarlyNanos until when after its start, at random; 0 to kill it under load
     * @return how long after the kill the server held nothing of the client any more
     */
    private long killOnce(Clients clients, MemoryType memory, int latestEarlyNanos) {
        try (ChildProcess client = clients.start(memory)) {
            if (latestEarlyNanos > 0) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(latestEarlyNanos));
            } else {
                client.await("READY", PATIENCE);
                long received = server.totals().received();
                await().atMost(PATIENCE).until(() -> server.totals().received() > received + BYSTANDERS_CALLS);
                LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(LATEST_KILL_NANOS));
            }
            assertThat(Signals.KILL.send(client.pid())).isTrue();
            long killed = System.nanoTime();
            await().atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> server.sessions().size() == 1 && Holdings.mappings(victims()) == 0);
            long letGo = System.nanoTime() - killed;
            bystander.awaitAnswers(BYSTANDERS_CALLS, PATIENCE);
            return letGo;
        }
    }

    /** What was killed before its server had mapped it stays until the next client starts. */
    private void sweep() throws IOException {
        for (Path file : workspace.memoryFiles()) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(LONG_AGO)));
        }
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(MemoryType.FILE)
                .pathPrefix(victims())
                .build();
        SessionManager.open(SessionManagerConfig.builder(server.address())
                        .config(config)
                        .build())
                .close();
        await().atMost(PATIENCE).until(() -> server.sessions().size() == 1);
    }
}
