package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Memory in files of a shared volume. */
class SharedVolumeFileIT extends SharedVolumeContract {

    SharedVolumeFileIT() {
        super(MemoryType.FILE);
    }

    @Test
    void aClientThatKeepsItsFilesToItselfIsRefusedWithTheRemedy() {
        try (SampleContainer secretive = client("1MB", "600")) {
            secretive.start();

            Awaitility.await()
                    .untilAsserted(() -> assertThat(serverLog())
                            .containsPattern("file '/run/greetings/memory_1_.*', which cannot be opened here")
                            .contains("Run both processes with one group in common, and let the client set fileMode"));
        }
    }
}
