package io.shmipc;

/**
 * A session's traffic since it began.
 *
 * @param receiveSyncEventCount wake-ups received from the peer
 * @param sendSyncEventCount wake-ups sent to the peer
 * @param outFlowBytes bytes flushed by streams
 * @param inFlowBytes bytes delivered to streams
 * @param sendQueueCount elements that the peer has not consumed yet
 * @param receiveQueueCount elements that this side has not consumed yet
 */
public record PerformanceMetrics(
        long receiveSyncEventCount,
        long sendSyncEventCount,
        long outFlowBytes,
        long inFlowBytes,
        long sendQueueCount,
        long receiveQueueCount) {}
