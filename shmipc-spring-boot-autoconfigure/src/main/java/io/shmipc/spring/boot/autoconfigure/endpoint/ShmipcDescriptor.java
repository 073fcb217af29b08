package io.shmipc.spring.boot.autoconfigure.endpoint;

import io.shmipc.spring.listener.ListenerState;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * All clients and listeners as they are now.
 *
 * @param clients clients by name
 * @param listeners listeners by name
 */
public record ShmipcDescriptor(Map<String, ClientDescriptor> clients, Map<String, ListenerDescriptor> listeners)
        implements OperationResponseBody {

    /**
     * One client.
     *
     * @param address where the server is
     * @param memoryType where the shared memory is
     * @param pathPrefix beginning of the names of the shared memory
     * @param sessions the sessions; a lost one is listed until another takes its place
     */
    public record ClientDescriptor(
            Object address, String memoryType, Object pathPrefix, List<SessionDescriptor> sessions) {}

    /**
     * One listener.
     *
     * @param address where it listens, with the actual port
     * @param state what it does
     * @param served whether a method serves it
     * @param activeCalls calls that are under way
     * @param handlerErrors calls that ended with an exception
     * @param sessions the open sessions
     */
    public record ListenerDescriptor(
            Object address,
            ListenerState state,
            boolean served,
            int activeCalls,
            long handlerErrors,
            List<SessionDescriptor> sessions) {}
}
