package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcException;
import io.shmipc.SliceSize;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.interop.CallingClient;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.EchoServer;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.Workspace;
import io.shmipc.server.ListenerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that are killed at each single {@link Step} of the protocol. */
@Reliability
@Timeout(300)
class StepKillIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONG_AGO = Duration.ofMinutes(1);
    private static final int CALLS = 50;
    private static final int CALL_BYTES = 100;
    private static final List<SliceSize> ONE_LIST = List.of(new SliceSize(4076, 100));

    private Workspace workspace;
    private ShmipcAddress address;

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
        address = workspace.address(Link.MEMFD_UNIX);
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    // ---------------------------------------------------------------- killed clients

    @Test
    void aServerOutlivesClientsThatAreKilledAtEachStep() throws Exception {
        Figures.keep("kills.client.steps", 1, "kill -9 of a client at each step", figure -> {
            List<Step> steps = steps(true);
            Holdings before = null;
            for (long i = 0; i < figure.count(); i++) {
                for (Step step : steps) {
                    killClient(step);
                    before = requireNothingLeft(before, step);
                }
                figure.reached(i + 1);
            }
            return "%,d at each of %d steps; nothing lost, nothing left".formatted(figure.count(), steps.size());
        });
    }

    private static List<Step> steps(boolean client) {
        return Arrays.stream(Step.values())
                .filter(step -> step.client == client)
                .toList();
    }

    private void killClient(Step step) throws Exception {
        try (EchoServer server = serve();
                CallingClient bystander = connect("-bystander", false);
                Stream stream = bystander.manager().getStream()) {
            bystander.call(stream, CALL_BYTES);
            long received = server.totals().received();
            if (step == Step.HOT_RESTART_ASKED_FOR) {
                killClientInHotRestart(server, stream, bystander);
            } else {
                kill(step);
                // What was published counts, even if its sender had no time to say so.
                boolean sent = step == Step.TAIL_PUBLISHED || step == Step.HALF_RECYCLED;
                await().atMost(PATIENCE).until(() -> server.totals().received() == received + (sent ? 1 : 0));
                awaitNothingOfTheVictim(server);
                bystander.call(stream, CALL_BYTES);
            }
            assertThat(server.totals().firstError()).isEmpty();
        }
        sweep();
    }

    private void kill(Step step) {
        try (ChildProcess victim = Victim.start(step, address, victims())) {
            assertThat(victim.awaitExit(PATIENCE)).as("exit code at " + step).isEqualTo(Victim.KILLED);
        }
    }

    private void killClientInHotRestart(EchoServer old, Stream stream, CallingClient bystander) throws Exception {
        try (ChildProcess victim = Victim.start(Step.HOT_RESTART_ASKED_FOR, address, victims())) {
            await().atMost(PATIENCE).until(() -> old.totals().received() == 2);
            try (EchoServer successor = serve()) {
                CompletableFuture<Void> restart = old.listener().hotRestart(1).toCompletableFuture();
                assertThat(victim.awaitExit(PATIENCE)).isEqualTo(Victim.KILLED);
                restart.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                bystander.call(stream, CALL_BYTES);
                callSome(bystander);
                assertThat(successor.totals().received()).isPositive();
            }
        }
    }

    private void awaitNothingOfTheVictim(EchoServer server) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(server.sessions()).as("sessions").hasSize(1);
            assertThat(server.openStreams()).as("streams").isEqualTo(1);
            assertThat(Holdings.mappings(victims())).as("mappings").isZero();
        });
    }

    private void sweep() throws IOException {
        for (Path file : workspace.memoryFiles()) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(LONG_AGO)));
        }
        connect("-victim", true, MemoryType.FILE).close();
    }

    // ---------------------------------------------------------------- killed servers

    @Test
    void aClientOutlivesServersThatAreKilledAtEachStep() throws Exception {
        Figures.keep("kills.server.steps", 1, "kill -9 of a server at each step", figure -> {
            List<Step> steps = steps(false);
            Holdings before = null;
            for (long i = 0; i < figure.count(); i++) {
                for (Step step : steps) {
                    killServer(step);
                    before = requireNothingLeft(before, step);
                }
                figure.reached(i + 1);
            }
            return "%,d at each of %d steps; nothing lost, nothing left".formatted(figure.count(), steps.size());
        });
    }

    private void killServer(Step step) throws Exception {
        try (ChildProcess victim = Victim.start(step, address, victims())) {
            victim.await("READY", PATIENCE);
            try (CallingClient client = connect("-survivor", true)) {
                if (step.compareTo(Step.MEMORY_MAPPED) > 0) {
                    assertThat(callOnce(client))
                            .as("whether the call was answered, at " + step)
                            .isEqualTo(step.compareTo(Step.REPLY_TAIL_PUBLISHED) >= 0);
                }
                if (step == Step.HOT_RESTART_SENT) {
                    try (EchoServer successor = serve()) {
                        victim.command("restart");
                        awaitDeath(victim, step);
                        awaitCalls(client);
                        assertThat(successor.totals().firstError()).isEmpty();
                    }
                    return;
                }
                awaitDeath(victim, step);
                try (EchoServer successor = serve()) {
                    awaitCalls(client);
                    assertThat(successor.totals().firstError()).isEmpty();
                }
            }
        }
    }

    private static void awaitDeath(ChildProcess victim, Step step) {
        assertThat(victim.awaitExit(PATIENCE)).as("exit code at " + step).isEqualTo(Victim.KILLED);
    }

    /** Returns whether a call to the victim was answered; otherwise it failed by the loss of the session. */
    private static boolean callOnce(CallingClient client) {
        await().atMost(PATIENCE)
                .until(() -> !client.manager().sessions().isEmpty()
                        && client.session().isHealthy());
        try (Stream stream = client.manager().getStream()) {
            client.call(stream, CALL_BYTES);
            return true;
        } catch (SessionClosedException e) {
            assertThat(e).hasMessageContaining("has ended");
            return false;
        }
    }

    /** Waits until the client is with the successor; from then on every call is answered, and all memory comes back. */
    private static void awaitCalls(CallingClient client) {
        await().atMost(PATIENCE)
                .ignoreExceptionsMatching(ShmipcException.class::isInstance)
                .until(() -> {
                    client.manager().execute(stream -> client.call(stream, CALL_BYTES));
                    return true;
                });
        callSome(client);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                client.session().metrics().shareMemory().allInUsedShareMemoryInBytes())
                        .as("shared memory in use without a call")
                        .isZero());
        assertThat(client.session().metrics().stability().fallbackWriteCount())
                .as("messages for which there was no memory")
                .isZero();
    }

    // ---------------------------------------------------------------- both

    private String victims() {
        return workspace.pathPrefix() + "-victim";
    }

    private EchoServer serve() {
        return EchoServer.start(ListenerConfig.builder(address).takeOver(true).build(), Serving.CALLBACKS);
    }

    private CallingClient connect(String name, boolean lazily) {
        return connect(name, lazily, MemoryType.MEMFD);
    }

    private CallingClient connect(String name, boolean lazily, MemoryType memory) {
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(memory)
                .pathPrefix(workspace.pathPrefix() + name)
                .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                .sliceSizes(ONE_LIST)
                .build();
        return new CallingClient(
                SessionManager.open(SessionManagerConfig.builder(address)
                        .connectLazily(lazily)
                        .config(config)
                        .build()),
                EchoServer.PREFIX);
    }

    private static void callSome(CallingClient client) {
        for (int i = 0; i < CALLS; i++) {
            client.manager().execute(stream -> client.call(stream, CALL_BYTES));
        }
    }

    /** Makes sure that this process holds no more than after the step before. */
    private Holdings requireNothingLeft(Holdings before, Step step) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(workspace.memoryFiles())
                    .as("files in /dev/shm after " + step)
                    .isEmpty();
            assertThat(workspace.openMemfds()).as("memfds open after " + step).isEmpty();
        });
        if (before == null) {
            return Holdings.now(workspace.pathPrefix());
        }
        before.awaitNoMore(workspace.pathPrefix());
        return before;
    }
}
