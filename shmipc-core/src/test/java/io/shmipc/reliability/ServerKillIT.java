package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.interop.CallingClient;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.Cell.Mode;
import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.EchoServer;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.GoServer;
import io.shmipc.interop.RequiresGo;
import io.shmipc.interop.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Servers that are killed at any time, under load: the client loses the calls that were under way and nothing else.
 *
 * <p>Memory of both types takes turns, and a kill comes up to 20 ms after the load has begun to be answered.
 */
@Reliability
@Timeout(300)
class ServerKillIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration RECOVERY = Duration.ofMillis(250);
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final int LATEST_KILL_NANOS = 20_000_000;
    private static final int KILLS_PER_CLIENT = 50;
    private static final int CALLS_BEFORE_A_KILL = 20;

    private Workspace workspace;

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    /** A server that can be killed and has a successor. */
    private interface Servers extends AutoCloseable {

        String prefix();

        /** Makes the next server ready, as far as that can be done while this one is there. */
        void prepareSuccessor();

        /** Kills the server and lets its successor take its place; returns when the kill was done. */
        long kill();

        @Override
        void close();
    }

    @Test
    void aClientOutlivesJavaServers() throws Exception {
        Figures.keep("kills.server.java", 8, promise("Java"), figure -> {
            try (Servers servers = new JavaServers(address())) {
                return outlive(figure, servers);
            }
        });
    }

    @Test
    @RequiresGo
    void aClientOutlivesGoServers() throws Exception {
        Figures.keep("kills.server.go", 30, promise("Go"), figure -> {
            try (Servers servers = new GoServers(address())) {
                return outlive(figure, servers);
            }
        });
    }

    private static String promise(String peer) {
        return "kill -9 of a " + peer + " server: every call right or failed at once, p99 of recovery < "
                + RECOVERY.toMillis() + " ms, nothing left behind";
    }

    private ShmipcAddress address() {
        return workspace.address(Link.MEMFD_UNIX);
    }

    private String outlive(Figures figure, Servers servers) {
        Latencies recoveries = new Latencies();
        Latencies errors = new Latencies();
        long answered = 0;
        int clients = 0;
        Holdings before = null;
        for (long done = 0; done < figure.count(); ) {
            long kills = Math.min(KILLS_PER_CLIENT, (figure.count() - done + 1) / 2);
            MemoryType memory = memoryOf(clients++);
            Load load = new Load(CallingClient.connect(address(), servers.prefix(), config(memory)));
            try (load) {
                load.start();
                load.awaitAnswers(CALLS_BEFORE_A_KILL, PATIENCE);
                for (int i = 0; i < kills; i++) {
                    recoveries.add(killOnce(servers, load));
                    figure.reached(++done);
                }
                load.stop();
                errors.addAll(load.errors());
                answered += load.answered();
                awaitIdleMemory(load);
            }
            requireNothingLeft();
            Holdings now = Holdings.now(workspace.pathPrefix());
            if (before != null) {
                before.awaitNoMore(workspace.pathPrefix());
            }
            before = before == null ? now : before;
        }
        assertThat(errors.max())
                .as("how late calls learned of a kill: %s", errors)
                .isLessThan(AT_ONCE);
        recoveries.requireP99Below(RECOVERY, "recovery");
        return "recovery " + recoveries + "; errors after " + errors + "; %,d calls answered right".formatted(answered);
    }

    private static MemoryType memoryOf(int client) {
        return client % 2 == 0 ? MemoryType.FILE : MemoryType.MEMFD;
    }

    private ShmipcConfig config(MemoryType memory) {
        return ShmipcConfig.builder()
                .memoryType(memory)
                .pathPrefix(workspace.pathPrefix())
                .regionBytes(Load.REGION_BYTES)
                .build();
    }

    private static long killOnce(Servers servers, Load load) {
        servers.prepareSuccessor();
        load.awaitAnswers(CALLS_BEFORE_A_KILL, PATIENCE);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(LATEST_KILL_NANOS));
        load.killed(System.nanoTime());
        long killed = servers.kill();
        return load.awaitAnswerToCallBegunAfter(killed, PATIENCE) - killed;
    }

    /** What the killed servers held is gone with their regions: the last one's holds only what is in use. */
    private static void awaitIdleMemory(Load load) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(load.bytesInUse())
                        .as("shared memory in use without a call")
                        .isZero());
    }

    private void requireNothingLeft() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(workspace.memoryFiles()).as("files left in /dev/shm").isEmpty();
            assertThat(workspace.openMemfds()).as("memfds still open").isEmpty();
        });
    }

    /** The next server takes the socket over while the old one still serves its sessions, as a stand-by would. */
    private final class JavaServers implements Servers {

        private final ShmipcAddress address;
        private ChildProcess current;
        private ChildProcess next;

        JavaServers(ShmipcAddress address) {
            this.address = address;
            current = Peer.start();
            Peer.awaitHello(current);
            Peer.serve(current, address, Serving.CALLBACKS);
            next = Peer.start();
        }

        @Override
        public String prefix() {
            return EchoServer.PREFIX;
        }

        @Override
        public void prepareSuccessor() {
            Peer.awaitHello(next);
            Peer.serve(next, address, Serving.CALLBACKS);
            callOnce();
        }

        /** A server that has never served loads its classes first. */
        private void callOnce() {
            try (CallingClient client = CallingClient.connect(address, prefix(), config(MemoryType.MEMFD))) {
                client.manager().execute(stream -> client.call(stream, 1));
            }
        }

        @Override
        public long kill() {
            assertThat(Signals.KILL.send(current.pid())).isTrue();
            long killed = System.nanoTime();
            current.close();
            current = next;
            next = Peer.start();
            return killed;
        }

        @Override
        public void close() {
            current.close();
            next.close();
            assertThat(Path.of(address.target()).toFile().delete()).isTrue();
        }
    }

    /** The next server is started when the old one is dead. */
    private static final class GoServers implements Servers {

        private final ShmipcAddress address;
        private GoServer current;

        GoServers(ShmipcAddress address) {
            this.address = address;
            current = GoServer.start(address, Mode.SYNC);
        }

        @Override
        public String prefix() {
            return current.prefix();
        }

        @Override
        public void prepareSuccessor() {}

        @Override
        public long kill() {
            assertThat(Signals.KILL.send(current.process().pid())).isTrue();
            long killed = System.nanoTime();
            current.close();
            current = GoServer.start(address, Mode.SYNC);
            return killed;
        }

        @Override
        public void close() {
            current.finish();
            current.close();
        }
    }
}
