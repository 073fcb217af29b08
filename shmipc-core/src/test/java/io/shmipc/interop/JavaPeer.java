package io.shmipc.interop;

import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcException;
import io.shmipc.interop.EchoServer.Serving;
import io.shmipc.server.ListenerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process of its own with this project's engine in it, driven like the Go peer.
 *
 * <pre>
 *                           is there                                        HELLO
 * serve ADDRESS SERVING     starts a server                                 READY ADDRESS
 * succeed ADDRESS SERVING   starts one that takes over, and can be followed READY ADDRESS
 * hotrestart EPOCH          hands its clients to its successor              HOTRESTART-DONE
 * stats                     asks it                                         STATS {…}
 * close                     ends it                                         DONE {…}
 * </pre>
 */
public final class JavaPeer {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FIRST_JDK_THAT_WARNS_OF_NATIVE_ACCESS = 24;

    private JavaPeer() {}

    /** Starts a process that has no server yet. */
    static ChildProcess start() {
        ChildProcess process = start(JavaPeer.class);
        process.await("HELLO", PATIENCE);
        return process;
    }

    /** Starts a program with this test's class path, and does not wait for it. */
    public static ChildProcess start(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        if (Runtime.version().feature() >= FIRST_JDK_THAT_WARNS_OF_NATIVE_ACCESS) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return ChildProcess.start(command, Map.of());
    }

    /** Starts a server in such a process, one at a time. */
    static ServerPeer serve(ChildProcess process, ShmipcAddress address, Serving serving) {
        process.command("serve " + address + " " + serving);
        return new ServedElsewhere(process, ShmipcAddress.parse(process.await("READY", PATIENCE)), EchoServer.PREFIX);
    }

    /** Starts a server that takes the address over from one that was started likewise, if there is one. */
    static ServerPeer succeed(ChildProcess process, ShmipcAddress address, Serving serving) {
        process.command("succeed " + address + " " + serving);
        return new ServedElsewhere(process, ShmipcAddress.parse(process.await("READY", PATIENCE)), EchoServer.PREFIX);
    }

    /** Asks such a server to hand its clients to the one that has taken over, and waits until all have followed. */
    static void hotRestart(ChildProcess process, long epoch) {
        process.command("hotrestart " + epoch);
        process.await("HOTRESTART-DONE", PATIENCE.multipliedBy(2));
    }

    /** Runs until the standard input ends. */
    public static void main(String[] arguments) throws IOException {
        // What is logged goes to the standard output: it must not come between the lines of this protocol.
        PrintStream out = System.out;
        System.setOut(System.err);
        JsonMapper json = new JsonMapper();
        EchoServer server = null;
        out.println("HELLO");
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] words = line.split(" ", -1);
                if (List.of("serve", "succeed").contains(words[0]) && server != null) {
                    server.close();
                }
                try {
                    switch (words[0]) {
                        case "serve" -> {
                            server = EchoServer.start(ShmipcAddress.parse(words[1]), Serving.valueOf(words[2]));
                            out.println("READY " + server.address());
                        }
                        case "succeed" -> {
                            ListenerConfig config = ListenerConfig.builder(ShmipcAddress.parse(words[1]))
                                    .takeOver(true)
                                    .build();
                            server = EchoServer.start(config, Serving.valueOf(words[2]));
                            out.println("READY " + server.address());
                        }
                        case "hotrestart" -> {
                            server.listener()
                                    .hotRestart(Long.parseLong(words[1]))
                                    .toCompletableFuture()
                                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                    .join();
                            out.println("HOTRESTART-DONE");
                        }
                        case "stats" -> out.println("STATS " + json.writeValueAsString(server.totals()));
                        case "close" -> out.println("DONE " + json.writeValueAsString(server.finish()));
                        default -> out.println("FAIL unknown command " + words[0]);
                    }
                } catch (ShmipcException | CompletionException e) {
                    out.println("FAIL " + e.getMessage());
                }
            }
        }
    }
}
