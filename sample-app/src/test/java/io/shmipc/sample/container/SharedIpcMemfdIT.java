package io.shmipc.sample.container;

import io.shmipc.MemoryType;
import org.junit.jupiter.api.Test;

/** Anonymous memory, passed through a socket in a shared /dev/shm. */
class SharedIpcMemfdIT extends SharedIpcContract {

    SharedIpcMemfdIT() {
        super(MemoryType.MEMFD);
    }

    @Test
    void aRegionLargerThanDevShmNeedsNoChange() {
        try (SampleContainer large = client("100MB", "660")) {
            large.start().front().await(large::log);
        }
    }
}
