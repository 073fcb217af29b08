package io.shmipc.interop;

import io.shmipc.Network;
import io.shmipc.ShmipcAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Go program of {@code src/test/go}, which speaks through shmipc-go: built once, started as often as a test likes.
 *
 * <p>The binary lies in {@code target} and is built again when its sources change.
 */
final class GoPeer {

    private static final Duration BUILD_LIMIT = Duration.ofMinutes(4);

    private GoPeer() {}

    /** Starts a subcommand. */
    static ChildProcess start(List<String> arguments) {
        List<String> command = new ArrayList<>(arguments);
        command.add(0, binary().toString());
        return ChildProcess.start(command, Map.of("SHMIPC_LOG_LEVEL", "4"));
    }

    /** Returns the flags that say where a server listens. */
    static List<String> at(ShmipcAddress address) {
        return address.network() == Network.UNIX
                ? List.of("-network", "unix", "-addr", address.target())
                : List.of("-network", "tcp", "-addr", address.target() + ":" + address.port());
    }

    /** Returns why there is no Go peer, or nothing if there is one. */
    static Optional<String> problem() {
        return Optional.ofNullable(Built.PROBLEM);
    }

    private static Path binary() {
        if (Built.PROBLEM != null) {
            throw new AssertionError(Built.PROBLEM);
        }
        return Built.BINARY;
    }

    /** Makes the binary when it is asked for first. */
    private static final class Built {

        static final Path SOURCES = Module.directory().resolve("src/test/go");
        static final Path BINARY = Module.directory().resolve("target/go-peer/peer");
        static final @Nullable String PROBLEM = make();

        private static @Nullable String make() {
            Optional<Path> go = ToolChain.find("go");
            if (go.isEmpty()) {
                return "There is no Go tool chain on the PATH: install Go 1.23 or newer to talk to shmipc-go.";
            }
            try {
                Path stamp = BINARY.resolveSibling("sources");
                String sources = digest();
                if (Files.isExecutable(BINARY)
                        && Files.exists(stamp)
                        && Files.readString(stamp).equals(sources)) {
                    return null;
                }
                Files.createDirectories(BINARY.getParent());
                String problem = build(go.get());
                if (problem == null) {
                    Files.writeString(stamp, sources);
                }
                return problem;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Builds aside and moves, so that two builds at once do no harm. */
        private static @Nullable String build(Path go) throws IOException {
            Path fresh = Files.createTempFile(BINARY.getParent(), "peer", "");
            try {
                List<String> command = List.of(go.toString(), "build", "-o", fresh.toString(), ".");
                String problem = ToolChain.build(SOURCES, command, Map.of("CGO_ENABLED", "0"), BUILD_LIMIT);
                if (problem == null) {
                    move(fresh);
                }
                return problem;
            } finally {
                Files.deleteIfExists(fresh);
            }
        }

        private static void move(Path fresh) throws IOException {
            try {
                Files.move(fresh, BINARY, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(fresh, BINARY, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!BINARY.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + BINARY + " executable");
            }
        }

        private static String digest() throws IOException {
            try (var files = Files.list(SOURCES)) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                    digest.update(Files.readAllBytes(file));
                }
                return HexFormat.of().formatHex(digest.digest());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }
}
