package io.shmipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files in /dev/shm {@link NothingLeft} takes for those of this run. */
@Timeout(20)
class NothingLeftTests {

    private final long pid = ProcessHandle.current().pid();

    @ParameterizedTest
    @ValueSource(strings = {"_j0123456789abcdef_buffer", "_epoch_7_j0123456789abcdef_queue_12"})
    void memoryOfThisProcessIsFound(String suffix) throws IOException {
        assertThat(isFound("_" + pid + suffix)).isTrue();
    }

    @Test
    void memoryOfAnotherProcessIsNot() throws IOException {
        assertThat(isFound("_" + pid + "1_j0123456789abcdef_buffer")).isFalse();
    }

    private static boolean isFound(String suffix) throws IOException {
        Path file = Files.createFile(Path.of("/dev/shm/nothing-left-" + UUID.randomUUID() + suffix));
        try {
            return NothingLeft.left().contains(file);
        } finally {
            Files.delete(file);
        }
    }
}
