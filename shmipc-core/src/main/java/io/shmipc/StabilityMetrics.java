package io.shmipc;

/**
 * What went wrong in a session since it began, and how many streams it has.
 *
 * @param allocShmErrorCount allocations that found no free slice; none is tried for what no slice, or not even the empty
 *     region, could hold
 * @param fallbackWriteCount messages sent through the connection, because shared memory could not hold them or because
 *     their stream uses the connection since an earlier one
 * @param fallbackReadCount messages received through the connection
 * @param eventConnErrorCount 1 if the connection failed: a system call on it or the protocol, or its peer went away while
 *     a stream was open. That is how a killed process looks. A peer that closes its streams and then its session is no
 *     error, and neither is the end that this side brings about
 * @param queueFullErrorCount elements that found the queue full
 * @param activeStreamCount streams open now
 * @param hotRestartSuccessCount hot restarts that ended well
 * @param hotRestartErrorCount hot restarts that failed
 */
public record StabilityMetrics(
        long allocShmErrorCount,
        long fallbackWriteCount,
        long fallbackReadCount,
        long eventConnErrorCount,
        long queueFullErrorCount,
        long activeStreamCount,
        long hotRestartSuccessCount,
        long hotRestartErrorCount) {}
