package io.shmipc.sample.container;

import io.shmipc.MemoryType;

/** Anonymous memory, passed through a socket in a shared volume. */
class SharedVolumeMemfdIT extends SharedVolumeContract {

    SharedVolumeMemfdIT() {
        super(MemoryType.MEMFD);
    }
}
