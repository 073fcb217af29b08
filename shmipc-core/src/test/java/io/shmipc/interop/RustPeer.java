package io.shmipc.interop;

import io.shmipc.ShmipcAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Rust program of {@code src/test/rust}, which speaks through the crate shmipc: built once, started as often as a
 * test likes, and ready for one command after the other.
 *
 * <p>Cargo keeps what it built beside the sources, where {@code mvn clean} leaves it.
 */
final class RustPeer {

    static final String PREFIX = "rust:";

    private static final Duration BUILD_LIMIT = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final JsonMapper JSON = new JsonMapper();

    /** The crate gives up on a message through the connection that is larger than its buffer, which has 32 MiB. */
    private static final Map<String, String> ENVIRONMENT =
            Map.of("BUF_READER_CAPACITY", Integer.toString(Cell.FALLBACK_SIZE + (1 << 20)));

    private RustPeer() {}

    /** Returns why there is no Rust peer, or nothing if there is one. */
    static Optional<String> problem() {
        return Optional.ofNullable(Built.PROBLEM);
    }

    /** Starts a process that does nothing yet. */
    static ChildProcess start() {
        if (Built.PROBLEM != null) {
            throw new AssertionError(Built.PROBLEM);
        }
        ChildProcess process = ChildProcess.start(List.of(Built.BINARY.toString()), ENVIRONMENT);
        process.await("HELLO", PATIENCE);
        return process;
    }

    /** Starts a server in such a process, one at a time, that closes a stream after a number of replies; 0: never. */
    static ServerPeer serve(ChildProcess process, ShmipcAddress address, Cell.Mode mode, int closeAfter) {
        Map<String, Object> options =
                Map.of("address", address.toString(), "mode", mode.flag(), "prefix", PREFIX, "closeAfter", closeAfter);
        process.command("serve " + JSON.writeValueAsString(options));
        return new ServedElsewhere(process, ShmipcAddress.parse(process.await("READY", PATIENCE)), PREFIX);
    }

    /** Connects to a server and starts a command, "call" or "send"; its READY says that it is connected. */
    static void connect(
            ChildProcess process,
            String command,
            ServerPeer server,
            Cell.Link link,
            Workspace workspace,
            Map<String, Object> options) {
        Map<String, Object> all = new LinkedHashMap<>(Map.of(
                "address", server.address().toString(),
                "memory", link.memoryName(),
                "pathPrefix", workspace.pathPrefix(),
                "prefix", server.prefix()));
        all.putAll(options);
        process.command(command + " " + JSON.writeValueAsString(all));
    }

    /** Makes the binary when it is asked for first. */
    private static final class Built {

        static final Path SOURCES = Module.directory().resolve("src/test/rust");
        static final Path BINARY = SOURCES.resolve("target/release/peer");
        static final @Nullable String PROBLEM = make();

        private static @Nullable String make() {
            Optional<Path> cargo = ToolChain.find("cargo");
            if (cargo.isEmpty()) {
                return "There is no cargo on the PATH: install Rust 1.88 or newer to talk to the crate shmipc.";
            }
            return ToolChain.build(
                    SOURCES,
                    List.of(cargo.get().toString(), "build", "--release", "--locked", "--quiet"),
                    Map.of("CARGO_TARGET_DIR", SOURCES.resolve("target").toString()),
                    BUILD_LIMIT);
        }
    }
}
