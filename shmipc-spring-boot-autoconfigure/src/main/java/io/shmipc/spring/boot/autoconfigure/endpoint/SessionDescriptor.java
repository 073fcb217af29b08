package io.shmipc.spring.boot.autoconfigure.endpoint;

import io.shmipc.PerformanceMetrics;
import io.shmipc.Session;
import io.shmipc.SessionMetrics;
import io.shmipc.ShareMemoryMetrics;
import io.shmipc.StabilityMetrics;
import java.util.List;

/**
 * One session as it is now.
 *
 * @param id what the operation that closes it is called with
 * @param state {@code HEALTHY}, {@code BREAKER_OPEN} after it ran out of shared memory, or {@code CLOSED}
 * @param streams how many streams are open
 * @param memory the region of shared memory; a client's sessions share one
 * @param queues messages that wait
 * @param traffic what came and went
 * @param troubles what went wrong
 */
public record SessionDescriptor(
        String id, State state, int streams, Memory memory, Queues queues, Traffic traffic, Troubles troubles) {

    /** What a session is good for. */
    public enum State {
        /** It gives out streams. */
        HEALTHY,
        /** It ran out of shared memory and gives out no streams for a while. */
        BREAKER_OPEN,
        /** It has ended. */
        CLOSED
    }

    /**
     * The region.
     *
     * @param capacityBytes usable bytes of all slices
     * @param usedBytes usable bytes of the slices that are not free
     */
    public record Memory(long capacityBytes, long usedBytes) {}

    /**
     * The queues.
     *
     * @param send messages that the peer has not consumed yet
     * @param receive messages that this side has not consumed yet
     */
    public record Queues(long send, long receive) {}

    /**
     * What came and went since the session began.
     *
     * @param sentBytes bytes flushed by streams
     * @param receivedBytes bytes delivered to streams
     * @param wakeupsSent wake-ups sent to the peer
     * @param wakeupsReceived wake-ups received from it
     */
    public record Traffic(long sentBytes, long receivedBytes, long wakeupsSent, long wakeupsReceived) {}

    /**
     * What went wrong since the session began.
     *
     * @param queueFull messages that met a full queue
     * @param allocationFailures allocations that found no free slice
     * @param fallbackSent messages sent through the connection for want of memory
     * @param fallbackReceived messages received through it
     * @param connectionErrors errors of the connection
     */
    public record Troubles(
            long queueFull, long allocationFailures, long fallbackSent, long fallbackReceived, long connectionErrors) {}

    static List<SessionDescriptor> of(List<Session> sessions) {
        return sessions.stream().map(SessionDescriptor::of).toList();
    }

    static SessionDescriptor of(Session session) {
        SessionMetrics metrics = session.metrics();
        PerformanceMetrics traffic = metrics.performance();
        StabilityMetrics troubles = metrics.stability();
        ShareMemoryMetrics memory = metrics.shareMemory();
        return new SessionDescriptor(
                session.id(),
                state(session),
                session.activeStreamCount(),
                new Memory(memory.capacityOfShareMemoryInBytes(), memory.allInUsedShareMemoryInBytes()),
                new Queues(traffic.sendQueueCount(), traffic.receiveQueueCount()),
                new Traffic(
                        traffic.outFlowBytes(),
                        traffic.inFlowBytes(),
                        traffic.sendSyncEventCount(),
                        traffic.receiveSyncEventCount()),
                new Troubles(
                        troubles.queueFullErrorCount(),
                        troubles.allocShmErrorCount(),
                        troubles.fallbackWriteCount(),
                        troubles.fallbackReadCount(),
                        troubles.eventConnErrorCount()));
    }

    private static State state(Session session) {
        if (session.isClosed()) {
            return State.CLOSED;
        }
        return session.isHealthy() ? State.HEALTHY : State.BREAKER_OPEN;
    }
}
