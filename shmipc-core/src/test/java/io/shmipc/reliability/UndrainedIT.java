package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.BackPressureException;
import io.shmipc.BufferReader;
import io.shmipc.ConnectException;
import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.interop.CallingClient;
import io.shmipc.interop.Cell.Link;
import io.shmipc.interop.Cell.Mode;
import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.EchoServer;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.GoServer;
import io.shmipc.interop.RequiresGo;
import io.shmipc.interop.Workspace;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers that have stopped draining: they are stopped processes. Whoever sends to them runs into a time limit, and into
 * no memory without bounds, and goes on when they do.
 */
@Reliability
@Timeout(300)
class UndrainedIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration WRITE_LIMIT = Duration.ofMillis(20);
    private static final Duration CONNECTION_LIMIT = Duration.ofMillis(300);

    /** What a flush may take beyond its limits on a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final long MAX_HEAP_GROWTH = 64L << 20;
    /** Longer than the circuit breaker keeps streams back. */
    private static final long RETRY_NANOS = 25_000_000;

    private static final int STREAMS = 8;

    /** Messages that fill the queue first, and ones that fill the region first. */
    private static final int[] SIZES = {100, 200_000};

    private static final int QUEUE_CAPACITY = Peer.OPENING_QUEUE_CAPACITY;

    private Workspace workspace;

    @BeforeEach
    void chooseNames() {
        workspace = new Workspace();
    }

    @AfterEach
    void removeNames() {
        workspace.close();
    }

    private static String promise(String peer) {
        return "flushes to a stopped " + peer + ": each ends in time, heap growth < " + (MAX_HEAP_GROWTH >> 20)
                + " MB, calls go on afterwards";
    }

    // ---------------------------------------------------------------- a client whose server has stopped

    @Test
    void aClientOfAStoppedJavaServerIsHeldBack() throws Exception {
        Figures.keep("undrained.server.java", 160, promise("Java server"), figure -> {
            try (ChildProcess server = Peer.start()) {
                Peer.awaitHello(server);
                Peer.serve(server, workspace.address(Link.MEMFD_UNIX), Serving.CALLBACKS);
                return sendToStopped(figure, server, EchoServer.PREFIX);
            }
        });
    }

    @Test
    @RequiresGo
    void aClientOfAStoppedGoServerIsHeldBack() throws Exception {
        Figures.keep("undrained.server.go", 160, promise("Go server"), figure -> {
            try (GoServer server = GoServer.start(workspace.address(Link.MEMFD_UNIX), Mode.SYNC)) {
                return sendToStopped(figure, server.process(), server.prefix());
            }
        });
    }

    private String sendToStopped(Figures figure, ChildProcess server, String prefix) {
        Pressure pressure = new Pressure(figure);
        for (int size : SIZES) {
            try (SessionManager manager =
                    SessionManager.open(SessionManagerConfig.builder(workspace.address(Link.MEMFD_UNIX))
                            .config(config())
                            .build())) {
                CallingClient client = new CallingClient(manager, prefix);
                manager.execute(stream -> client.call(stream, size));
                server.pause();
                pressure.send(manager::getStream, size);
                server.resume();
                awaitCalls(client, size);
            }
        }
        return pressure.measured();
    }

    private ShmipcConfig config() {
        return ShmipcConfig.builder()
                .pathPrefix(workspace.pathPrefix())
                .regionBytes(Load.REGION_BYTES)
                .queueCapacity(QUEUE_CAPACITY)
                .connectionWriteTimeout(CONNECTION_LIMIT)
                .circuitBreakerInterval(WRITE_LIMIT)
                .build();
    }

    private static void awaitCalls(CallingClient client, int size) {
        await().atMost(PATIENCE)
                .ignoreExceptionsMatching(ShmipcException.class::isInstance)
                .until(() -> client.manager().execute(stream -> client.call(stream, size)) > 0);
    }

    // ---------------------------------------------------------------- a server whose client has stopped

    @Test
    void aServerOfAStoppedClientIsHeldBack() throws Exception {
        Figures.keep("undrained.client.java", 160, promise("Java client"), figure -> {
            LinkedBlockingQueue<Stream> streams = new LinkedBlockingQueue<>();
            ListenerConfig config = ListenerConfig.builder(workspace.address(Link.MEMFD_UNIX))
                    .config(config())
                    .build();
            try (Listener listener = new Listener(
                    stream -> {
                        stream.setCallbacks(new Unheard());
                        streams.add(stream);
                    },
                    config)) {
                listener.start();
                return sendToStoppedClients(figure, listener, streams);
            }
        });
    }

    private String sendToStoppedClients(Figures figure, Listener listener, LinkedBlockingQueue<Stream> streams)
            throws InterruptedException {
        Pressure pressure = new Pressure(figure);
        for (int size : SIZES) {
            try (ChildProcess client = Peer.start()) {
                Peer.awaitHello(client);
                client.command("open " + listener.address() + " " + STREAMS + " " + workspace.pathPrefix());
                client.await("OPENED", PATIENCE);
                List<Stream> open = new ArrayList<>();
                while (open.size() < STREAMS) {
                    open.add(streams.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
                }
                client.pause();
                pressure.send(() -> open.get(open.size() - 1), size);
                client.kill();
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(listener.sessions()).isEmpty());
            assertThat(Holdings.mappings(workspace.pathPrefix())).isZero();
        }
        return pressure.measured();
    }

    /** Takes no note of anything. */
    private static final class Unheard implements StreamCallbacks {
        @Override
        public void onData(BufferReader reader) {}

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {}
    }

    // ---------------------------------------------------------------- pressure

    /** Where a stream comes from. */
    private interface Source {
        Stream get();
    }

    /** Flushes that cannot go anywhere, and what they take. */
    private static final class Pressure {

        private final Figures figure;
        private final long share;
        private final Latencies flushes = new Latencies();
        private long done;
        private long refused;
        private long heapGrowth;

        Pressure(Figures figure) {
            this.figure = figure;
            this.share = figure.count() / SIZES.length;
        }

        void send(Source source, int size) {
            byte[] message = new byte[size];
            long before = usedHeap();
            long refusedBefore = refused;
            for (long i = 0; i < share; i++) {
                long begun = System.nanoTime();
                try {
                    Stream stream = source.get();
                    stream.setWriteDeadline(Instant.now().plus(WRITE_LIMIT));
                    stream.bufferWriter().writeBytes(message);
                    stream.flush();
                    flushes.add(System.nanoTime() - begun);
                } catch (BackPressureException
                        | ShmipcTimeoutException
                        | SessionClosedException
                        | StreamClosedException
                        | ConnectException e) {
                    flushes.add(System.nanoTime() - begun);
                    refused++;
                    LockSupport.parkNanos(RETRY_NANOS);
                }
                figure.reached(++done);
            }
            assertThat(refused)
                    .as("flushes of %d bytes that were refused: %s", size, flushes)
                    .isGreaterThan(refusedBefore);
            heapGrowth = Math.max(heapGrowth, usedHeap() - before);
        }

        private static long usedHeap() {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }

        String measured() {
            assertThat(heapGrowth).as("heap growth in bytes").isLessThan(MAX_HEAP_GROWTH);
            assertThat(flushes.max())
                    .as("the longest flush")
                    .isLessThan(WRITE_LIMIT.plus(CONNECTION_LIMIT).plus(SLACK));
            return "%,d of %,d refused, flushes took %s; heap growth %.1f MB"
                    .formatted(refused, done, flushes, heapGrowth / 1e6);
        }
    }
}
