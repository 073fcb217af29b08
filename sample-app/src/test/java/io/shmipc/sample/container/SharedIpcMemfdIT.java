package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import org.junit.jupiter.api.Test;

/** Anonymous memory, passed through a socket in a shared /dev/shm. */
class SharedIpcMemfdIT extends SharedIpcContract {

    SharedIpcMemfdIT() {
        super(MemoryType.MEMFD);
    }

    @Test
    void aRegionLargerThanTheMemoryLimitIsRefusedWithWhatToChange() {
        long limit = 200 << 20;
        try (SampleContainer large = client("300MB", "660")
                .with("--shmipc.client.fail-fast=true")
                .host(host -> host.withMemory(limit).withMemorySwap(limit))
                .thatFails()) {
            large.start();

            assertThat(large.awaitExit()).as("not 137: nobody killed it").isEqualTo(1);
            assertThat(large.log())
                    .contains("take 314769456 bytes of shared memory, as memfds")
                    .containsPattern("No space left in shared memory for 314572800 bytes .* leaves \\d+ bytes")
                    .contains("Lower shmipc.client.buffer-capacity", "resources.limits.memory");
        }
    }

    @Test
    void aRegionLargerThanDevShmNeedsNoChange() {
        try (SampleContainer large = client("100MB", "660")) {
            large.start().front().await(large::log);
        }
    }
}
