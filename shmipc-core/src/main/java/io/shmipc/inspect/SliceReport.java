package io.shmipc.inspect;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * A slice that is not free: some process holds it, or it waits in a queue.
 *
 * @param offset of its header in the region
 * @param dataBytes the bytes of data that its header tells; 0 while its owner has not flushed it
 * @param dataStart where they begin, from the start of the slice's data
 * @param next the offset of the following slice of its chain, if there is one
 * @param chainStart the offset of the first slice of its chain, which names the chain's owner: its own offset if it is
 *     the first
 * @param unchangedFor for how long at least it has been so with the same content; zero unless the memory was watched,
 *     because the memory itself holds no times
 */
public record SliceReport(
        int offset, int dataBytes, int dataStart, OptionalInt next, int chainStart, Duration unchangedFor) {}
