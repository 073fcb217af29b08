package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.ShmipcAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The names that one test may use, so that no two tests share any, and a look at whether all of them are gone again.
 */
public final class Workspace implements AutoCloseable {

    private static final Path SHARED = Path.of("/dev/shm");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Path directory;
    private final String name = "shmipc-it-" + UUID.randomUUID().toString().substring(0, 13);

    public Workspace() {
        try {
            directory = Files.createTempDirectory("shmipc-it");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns what the names of all shared memory begin with. */
    public String pathPrefix() {
        return SHARED.resolve(name).toString();
    }

    /** Returns an address of its own to listen on; a TCP port is chosen by the system. */
    public ShmipcAddress address(Cell.Link link) {
        return switch (link.network) {
            case UNIX -> ShmipcAddress.unix(directory.resolve("socket"));
            case TCP -> ShmipcAddress.tcp("127.0.0.1", 0);
        };
    }

    /** Returns the files of shared memory that exist now. */
    public List<Path> memoryFiles() {
        return filesOf(SHARED).stream()
                .filter(file -> file.getFileName().toString().startsWith(name))
                .toList();
    }

    /** Returns the descriptors of memfds of these names that this process has open. */
    public List<Path> openMemfds() {
        return filesOf(Path.of("/proc/self/fd")).stream()
                .filter(file -> target(file).contains(name))
                .toList();
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<Path> filesOf(Path where) {
        try (var files = Files.list(where)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until everything is gone; a peer unlinks and unmaps in its own time. */
    public void awaitNothingLeft() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).untilAsserted(() -> {
            assertThat(memoryFiles()).as("files left in %s", SHARED).isEmpty();
            assertThat(openMemfds()).as("memfds still open").isEmpty();
            assertThat(filesOf(directory)).as("files left in %s", directory).isEmpty();
        });
    }

    /** Removes whatever is left, so that a failed test disturbs no other. */
    @Override
    public void close() {
        memoryFiles().forEach(Workspace::delete);
        filesOf(directory).forEach(Workspace::delete);
        delete(directory);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
