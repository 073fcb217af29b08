package io.shmipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails the run when its tests, all together, have left shared memory of a client in /dev/shm.
 *
 * <p>Its files carry the number of this process, so that other runs on the machine disturb nothing. What other processes
 * of a test leave, and what tests make by hand, they look for themselves.
 */
public final class NothingLeft implements BeforeAllCallback, AutoCloseable {

    private static final Path SHARED = Path.of("/dev/shm");
    private static final Pattern OURS =
            Pattern.compile(".*_" + ProcessHandle.current().pid() + "_(epoch_\\d+_)?j[0-9a-f]{16}_(buffer|queue_\\d+)");

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(Namespace.create(NothingLeft.class)).computeIfAbsent(NothingLeft.class, key -> this);
    }

    /** Called when the last test of this process has ended. */
    @Override
    public void close() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(left()).as("shared memory left by the tests").isEmpty());
    }

    static List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(SHARED)) {
            return files.filter(file -> OURS.matcher(file.toString()).matches()).toList();
        }
    }
}
