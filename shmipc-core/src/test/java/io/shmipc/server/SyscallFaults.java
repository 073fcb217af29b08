package io.shmipc.server;

import io.shmipc.ListenCallback;
import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.session.Duo;
import io.shmipc.session.Echo;
import io.shmipc.session.Payload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * A process that goes once through everything that the engine asks of the system, each time it is told {@code run}, a
 * {@link Way} and the bytes of a region: listens, connects, shares memory, talks, ends. It says {@code HELLO} and which
 * thread in {@code /proc} does or begins all that, and answers {@code RESULT}, and {@code ok} or the error.
 * To {@code count} it answers {@code FILES} and how many descriptors it has open, and how many files it has left.
 */
final class SyscallFaults {

    private static final String PREFIX = "/dev/shm/faults-" + UUID.randomUUID();
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Over which network memory of which kind is shared. */
    enum Way {
        MEMFD,
        FILE,
        TCP;

        private MemoryType memoryType() {
            return this == MEMFD ? MemoryType.MEMFD : MemoryType.FILE;
        }

        private ShmipcAddress address(Path directory) {
            return this == TCP
                    ? ShmipcAddress.tcp("127.0.0.1", 0)
                    : ShmipcAddress.unix(directory.resolve("s" + System.nanoTime()));
        }
    }

    private SyscallFaults() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        System.setOut(System.err);
        Path directory = Path.of(arguments[0]);
        out.println("HELLO " + Files.readSymbolicLink(Path.of("/proc/thread-self")));
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                if (line.equals("count")) {
                    out.println("FILES " + openAndLeft(directory));
                } else {
                    String[] run = line.split(" ", -1);
                    out.println("RESULT " + run(Way.valueOf(run[1]), Integer.parseInt(run[2]), directory));
                }
            }
        }
    }

    /** Counts what the engine opens, and none of the files that the JVM opens when it comes to a class of another jar. */
    private static String openAndLeft(Path directory) throws IOException {
        try (var sockets = Files.list(directory)) {
            return "open: %d sockets, %d memfds, %d pollers, %d files; left: %d files, %d sockets"
                    .formatted(
                            OpenFiles.countNaming("socket:"),
                            OpenFiles.countNaming("memfd:"),
                            OpenFiles.countNaming("anon_inode:"),
                            OpenFiles.countNaming(PREFIX),
                            Duo.filesOf(PREFIX).size(),
                            sockets.count());
        }
    }

    private static String run(Way way, int regionBytes, Path directory) {
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(way.memoryType())
                .pathPrefix(PREFIX)
                .regionBytes(regionBytes)
                .build();
        Listener listener = new Listener(
                new ListenCallback() {
                    @Override
                    public void onNewStream(Stream stream) {
                        stream.setCallbacks(new Echo(stream));
                    }
                },
                ListenerConfig.builder(way.address(directory)).config(config).build());
        try {
            listener.start();
            try (SessionManager manager = SessionManager.open(SessionManagerConfig.builder(listener.address())
                    .config(config)
                    .build())) {
                return manager.execute(SyscallFaults::talk);
            }
        } catch (Exception e) {
            return e.toString().replace('\n', ' ');
        } finally {
            listener.close();
        }
    }

    /** Sends what fits into shared memory, and what does not. */
    private static String talk(Stream stream) {
        for (int bytes : new int[] {1000, 2 * ShmipcConfig.MIN_REGION_BYTES}) {
            stream.setReadDeadline(Instant.now().plus(PATIENCE));
            Payload.roundTrip(stream, Payload.of(bytes, 3));
        }
        return "ok";
    }
}
