package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import org.junit.jupiter.api.Test;

/** Memory in files of a shared /dev/shm. */
class SharedIpcFileIT extends SharedIpcContract {

    SharedIpcFileIT() {
        super(MemoryType.FILE);
    }

    @Test
    void aRegionLargerThanDevShmIsRefusedWithWhatToChange() {
        try (SampleContainer large =
                client("100MB", "660").with("--shmipc.client.fail-fast=true").thatFails()) {
            large.start();

            assertThat(large.awaitExit()).isEqualTo(1);
            assertThat(large.log())
                    .contains(
                            "No space left in shared memory for 104857600 bytes of /dev/shm/memory_1_",
                            "Lower shmipc.client.buffer-capacity",
                            "--shm-size");
        }
    }
}
