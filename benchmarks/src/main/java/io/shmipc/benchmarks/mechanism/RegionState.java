package io.shmipc.benchmarks.mechanism;

import io.shmipc.ShmipcConfig;
import io.shmipc.shm.Region;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes regions and queues in this process's own memory. */
final class RegionState {

    private RegionState() {}

    static ByteBuffer memory(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }

    /** Returns a region of the default configuration. */
    static Region defaultRegion() {
        ShmipcConfig config = ShmipcConfig.defaults();
        return Region.format(memory(config.regionBytes()), config.sliceSizes());
    }
}
