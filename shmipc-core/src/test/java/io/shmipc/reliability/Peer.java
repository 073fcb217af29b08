package io.shmipc.reliability;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.interop.CallingClient;
import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.EchoServer;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.interop.JavaPeer;
import io.shmipc.server.ListenerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process with this project's engine in it, to be killed, paused or restarted.
 *
 * <pre>
 *                                      is there                                  HELLO
 * serve ADDRESS SERVING                takes the address over                    READY ADDRESS
 * restart EPOCH                        sends its clients to its successor        RESTARTED MILLISECONDS
 * load ADDRESS PREFIX MEMORY NAMES     calls without end                         READY, after the first reply
 * open ADDRESS COUNT NAMES             opens streams and never reads from them   OPENED
 * </pre>
 */
final class Peer {

    /** Elements of the queues of a client that only opens streams: soon full. */
    static final int OPENING_QUEUE_CAPACITY = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Peer() {}

    /** Starts a process that does nothing yet, and does not wait for it. */
    static ChildProcess start() {
        return JavaPeer.start(Peer.class);
    }

    /** Waits until a process takes commands. */
    static void awaitHello(ChildProcess process) {
        process.await("HELLO", PATIENCE);
    }

    /** Makes a process a server, in the place of whoever listened there before. */
    static void serve(ChildProcess process, ShmipcAddress address, Serving serving) {
        process.command("serve " + address + " " + serving);
        process.await("READY", PATIENCE);
    }

    /** Sends the clients of a server to its successor and ends it; returns how many milliseconds that took. */
    static long restart(ChildProcess process, long epoch) {
        process.command("restart " + epoch);
        return Long.parseLong(process.await("RESTARTED", PATIENCE));
    }

    /** Runs until the standard input ends. */
    public static void main(String[] arguments) throws IOException {
        // What is logged goes to the standard output: it must not come between the lines of this protocol.
        PrintStream out = System.out;
        System.setOut(System.err);
        out.println("HELLO");
        EchoServer server = null;
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ", -1);
                try {
                    switch (words[0]) {
                        case "serve" -> {
                            server = EchoServer.start(
                                    ListenerConfig.builder(ShmipcAddress.parse(words[1]))
                                            .takeOver(true)
                                            .build(),
                                    Serving.valueOf(words[2]));
                            out.println("READY " + server.address());
                        }
                        case "restart" -> out.println("RESTARTED " + restart(server, Long.parseLong(words[1])));
                        case "load" -> load(words[1], words[2], MemoryType.valueOf(words[3]), words[4], out);
                        case "open" -> {
                            open(words[1], Integer.parseInt(words[2]), words[3]);
                            out.println("OPENED");
                        }
                        default -> out.println("FAIL unknown command " + words[0]);
                    }
                } catch (ShmipcException e) {
                    out.println("FAIL " + e.getMessage());
                }
            }
        }
        System.exit(0);
    }

    private static long restart(EchoServer server, long epoch) {
        long begin = System.nanoTime();
        try {
            server.listener().hotRestart(epoch).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!server.listener().drain(PATIENCE)) {
                throw new IllegalStateException("streams are left on the old server");
            }
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        server.close();
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static void load(String address, String prefix, MemoryType memory, String names, PrintStream out) {
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(memory)
                .pathPrefix(names)
                .regionBytes(Load.REGION_BYTES)
                .build();
        CallingClient client = CallingClient.connect(ShmipcAddress.parse(address), prefix, config);
        Load load = new Load(client);
        load.start();
        load.awaitAnswers(1, PATIENCE);
        out.println("READY");
    }

    private static void open(String address, int count, String names) {
        SessionManager manager = SessionManager.open(SessionManagerConfig.builder(ShmipcAddress.parse(address))
                .config(ShmipcConfig.builder()
                        .pathPrefix(names)
                        .regionBytes(Load.REGION_BYTES)
                        .queueCapacity(OPENING_QUEUE_CAPACITY)
                        .build())
                .build());
        for (int i = 0; i < count; i++) {
            Stream stream = manager.getStream();
            stream.bufferWriter().writeByte((byte) 1);
            stream.flush();
        }
    }
}
