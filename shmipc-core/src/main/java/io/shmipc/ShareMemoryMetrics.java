package io.shmipc;

/**
 * How full a session's region is.
 *
 * @param capacityOfShareMemoryInBytes usable bytes of all slices
 * @param allInUsedShareMemoryInBytes usable bytes of the slices that are not free
 */
public record ShareMemoryMetrics(long capacityOfShareMemoryInBytes, long allInUsedShareMemoryInBytes) {}
