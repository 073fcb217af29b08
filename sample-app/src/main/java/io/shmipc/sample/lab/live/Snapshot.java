package io.shmipc.sample.lab.live;

import io.shmipc.spring.boot.autoconfigure.endpoint.SessionDescriptor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows of one moment.
 *
 * @param timeMillis when it was taken, since 1970
 * @param processes who talks
 * @param activity the measurement or breakage that runs, in words, or null
 * @param health the health endpoint's status, all in all and by component
 * @param memoryType where the shared memory is, {@code memfd} or {@code file}
 * @param sessions the client's sessions as the shmipc endpoint describes them
 * @param meters the client's meters
 * @param region the client's region, list by list; empty while no session is open
 */
record Snapshot(
        long timeMillis,
        Processes processes,
        @Nullable String activity,
        Health health,
        String memoryType,
        List<SessionDescriptor> sessions,
        Meters meters,
        List<SliceList> region) {

    /**
     * @param client this process
     * @param server the server's process, 0 if there is none or it is not this process's business
     * @param restarts how often another server process took the first one's place
     * @param directory where the server's sockets are, or null without a server of its own
     * @param hasLab whether there is something to measure and to break
     */
    record Processes(
            long client,
            long server,
            int restarts,
            @Nullable String directory,
            boolean hasLab) {}

    /**
     * @param status all in all
     * @param components by name
     */
    record Health(String status, Map<String, String> components) {}

    /**
     * Values of Micrometer meters; the page makes rates of those that only grow.
     *
     * @param calls answered calls
     * @param callErrors calls that ended with an exception
     * @param p50Micros median time of a call, of the last minutes
     * @param p95Micros what 95 % of calls do not exceed
     * @param p99Micros what 99 % of calls do not exceed
     * @param sentBytes bytes flushed by streams
     * @param receivedBytes bytes delivered to streams
     * @param wakeups wake-ups in both directions, the only system calls of a busy session
     * @param streams open streams
     * @param queuedMessages messages that wait in both directions
     * @param memoryUsedBytes bytes of slices in use
     * @param memoryCapacityBytes bytes of all slices
     * @param allocationFailures allocations that found no free slice
     * @param fallbackMessages messages that went through the socket for want of memory, in both directions
     */
    record Meters(
            long calls,
            long callErrors,
            double p50Micros,
            double p95Micros,
            double p99Micros,
            long sentBytes,
            long receivedBytes,
            long wakeups,
            long streams,
            long queuedMessages,
            long memoryUsedBytes,
            long memoryCapacityBytes,
            long allocationFailures,
            long fallbackMessages) {}

    /**
     * @param sliceBytes the data bytes of each slice
     * @param capacity the number of slices
     * @param used the slices that are not free, as pairs of a first number and a count
     */
    record SliceList(int sliceBytes, int capacity, List<int[]> used) {}
}
