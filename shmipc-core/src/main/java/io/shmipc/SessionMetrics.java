package io.shmipc;

/**
 * A snapshot of one session; its parts are read one after the other, not atomically.
 *
 * @param performance traffic
 * @param stability errors and streams
 * @param shareMemory use of the region
 */
public record SessionMetrics(
        PerformanceMetrics performance, StabilityMetrics stability, ShareMemoryMetrics shareMemory) {}
