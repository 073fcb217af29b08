package io.shmipc.shm;

import io.shmipc.ShmipcConfig;

/**
 * A region together with the memory that it lies in.
 *
 * @param memory the mapping, with its users
 * @param region the free lists in it
 */
public record SharedRegion(SharedMemory memory, Region region) {

    /**
     * Creates a region under the given name; the caller is its first user.
     *
     * @throws io.shmipc.SharedMemoryException if the memory cannot be had
     */
    public static SharedRegion create(ShmipcConfig config, String name) {
        SharedMemory memory = SharedMemory.create(config.memoryType(), name, config.regionBytes(), config.fileMode());
        return new SharedRegion(memory, Region.format(memory.bytes(), config.sliceSizes()));
    }
}
