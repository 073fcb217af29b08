package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.server.OpenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What this process holds of the system's: descriptors, and mappings of shared memory.
 *
 * @param descriptors open files and sockets
 * @param mappings mappings of memory whose name contains a text
 */
record Holdings(int descriptors, int mappings) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Returns what is held now; mappings count if their name contains the text. */
    static Holdings now(String name) {
        return new Holdings(OpenFiles.count(), mappings(name));
    }

    static int mappings(String name) {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return (int) lines.filter(line -> line.contains(name)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until no more is held than this; descriptors of child processes close in their own time. */
    void awaitNoMore(String name) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Holdings now = now(name);
            assertThat(now.descriptors).as("open descriptors").isLessThanOrEqualTo(descriptors);
            assertThat(now.mappings).as("mappings of %s", name).isLessThanOrEqualTo(mappings);
        });
    }
}
