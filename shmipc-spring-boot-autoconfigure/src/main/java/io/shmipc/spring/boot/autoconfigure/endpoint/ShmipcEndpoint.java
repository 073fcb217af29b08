package io.shmipc.spring.boot.autoconfigure.endpoint;

import io.shmipc.HotRestartException;
import io.shmipc.Session;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.inspect.Inspection;
import io.shmipc.inspect.InspectionException;
import io.shmipc.spring.boot.autoconfigure.client.ClientNames;
import io.shmipc.spring.boot.autoconfigure.endpoint.ShmipcDescriptor.ClientDescriptor;
import io.shmipc.spring.boot.autoconfigure.endpoint.ShmipcDescriptor.ListenerDescriptor;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerState;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows clients, listeners and their sessions, streams, and memory from inside; sends a listener's clients to its
 * successor; closes a session.
 *
 * <p>{@code management.endpoint.shmipc.access=read-only} takes the last two away.
 */
@Endpoint(id = "shmipc")
public final class ShmipcEndpoint {

    /** What selects memory instead of a session. */
    private static final String INSPECTION = "inspection";

    private static final Duration LONGEST_WATCH = Duration.ofSeconds(10);

    private final ListableBeanFactory beanFactory;
    private final ObjectProvider<ShmipcListenerRegistry> registry;
    private final Sanitizer sanitizer;
    private final Show showValues;

    public ShmipcEndpoint(
            ListableBeanFactory beanFactory,
            ObjectProvider<ShmipcListenerRegistry> registry,
            Collection<SanitizingFunction> sanitizingFunctions,
            Show showValues) {
        this.beanFactory = beanFactory;
        this.registry = registry;
        this.sanitizer = new Sanitizer(sanitizingFunctions);
        this.showValues = showValues;
    }

    /** Describes all clients and listeners. */
    @ReadOperation
    public ShmipcDescriptor shmipc() {
        return describe(showValues.isShown(true));
    }

    /**
     * Looks at one session and its streams, or into the memory that this process shares: free lists, queues, and what is
     * wrong with them.
     *
     * @param what the id of a session, or {@value #INSPECTION}
     * @param watch for how long to watch the memory, which tells how old slices are and whether queues are consumed; 10 s
     *     at most
     * @return a {@link SessionStreamsDescriptor} or an {@link InspectionDescriptor}; null if there is no session of that id
     */
    @ReadOperation
    @RegisterReflectionForBinding({SessionStreamsDescriptor.class, InspectionDescriptor.class})
    public @Nullable OperationResponseBody inspect(@Selector String what, @Nullable Duration watch) {
        return inspect(what, watch, showValues.isShown(true));
    }

    /**
     * Sends the clients of a listener to its successor, which already listens on the same address, and waits until they
     * have gone, 2 s at most. The listener then waits to be stopped.
     *
     * @return how it ended; null if no listener of that name runs
     */
    @WriteOperation
    public @Nullable HotRestartDescriptor hotRestart(@Selector String listener) {
        ListenerContainer container = running(listener);
        if (container == null) {
            return null;
        }
        try {
            container.hotRestart().toCompletableFuture().join();
            return new HotRestartDescriptor(listener, true, null);
        } catch (HotRestartException e) {
            return new HotRestartDescriptor(listener, false, e.getMessage());
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            return new HotRestartDescriptor(listener, false, String.valueOf(cause == null ? e : cause.getMessage()));
        }
    }

    /**
     * Closes a session; a client opens another in its place.
     *
     * @return what it was; null if there is none of that id
     */
    @DeleteOperation
    public @Nullable SessionDescriptor closeSession(@Selector String session) {
        Session found = find(session);
        if (found == null || found.isClosed()) {
            return null;
        }
        SessionDescriptor before = SessionDescriptor.of(found);
        found.close();
        return before;
    }

    Show showValues() {
        return showValues;
    }

    ShmipcDescriptor describe(boolean showUnsanitized) {
        Map<String, ClientDescriptor> clients = new LinkedHashMap<>();
        ClientNames.all(beanFactory)
                .forEach((name, manager) -> clients.put(name, describe(name, manager, showUnsanitized)));
        Map<String, ListenerDescriptor> listeners = new LinkedHashMap<>();
        listeners()
                .forEach(container -> listeners.put(
                        container.name(),
                        new ListenerDescriptor(
                                sanitize(
                                        "listeners", container.name(), "address", container.address(), showUnsanitized),
                                container.state(),
                                container.isServed(),
                                container.activeCalls().count(),
                                container.handlerErrors(),
                                SessionDescriptor.of(container.sessions()))));
        return new ShmipcDescriptor(clients, listeners);
    }

    @Nullable
    OperationResponseBody inspect(String what, @Nullable Duration watch, boolean showUnsanitized) {
        if (what.equals(INSPECTION)) {
            return inspectMemory(watch, showUnsanitized);
        }
        Session session = find(what);
        return session == null ? null : SessionStreamsDescriptor.of(session);
    }

    private InspectionDescriptor inspectMemory(@Nullable Duration watch, boolean showUnsanitized) {
        Duration time = watch == null ? Duration.ZERO : watch;
        if (time.isNegative() || time.compareTo(LONGEST_WATCH) > 0) {
            throw new InvalidEndpointRequestException(
                    "watch is " + time + ": it must be from 0s to 10s.", "watch must be from 0s to 10s");
        }
        try {
            return InspectionDescriptor.of(
                    Inspection.ofProcess(ProcessHandle.current().pid(), time),
                    name -> sanitize(INSPECTION, "memory", "name", name, showUnsanitized));
        } catch (InspectionException e) {
            return InspectionDescriptor.none(String.valueOf(e.getMessage()));
        }
    }

    private ClientDescriptor describe(String name, SessionManager manager, boolean showUnsanitized) {
        SessionManagerConfig config = manager.config();
        return new ClientDescriptor(
                sanitize("clients", name, "address", config.address(), showUnsanitized),
                config.config().memoryType().name().toLowerCase(Locale.ROOT),
                sanitize("clients", name, "path-prefix", config.config().pathPrefix(), showUnsanitized),
                SessionDescriptor.of(manager.sessions()));
    }

    private Object sanitize(String kind, String name, String property, Object value, boolean showUnsanitized) {
        String key = "shmipc." + kind + "." + name + "." + property;
        Object sanitized = sanitizer.sanitize(new SanitizableData(null, key, value.toString()), showUnsanitized);
        return sanitized == null ? SanitizableData.SANITIZED_VALUE : sanitized;
    }

    private @Nullable Session find(String id) {
        return Stream.concat(
                        ClientNames.all(beanFactory).values().stream().map(SessionManager::sessions),
                        listeners().stream().map(ListenerContainer::sessions))
                .flatMap(List::stream)
                .filter(session -> session.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    private @Nullable ListenerContainer running(String name) {
        return listeners().stream()
                .filter(container -> container.name().equals(name) && container.state() != ListenerState.STOPPED)
                .findFirst()
                .orElse(null);
    }

    private Collection<ListenerContainer> listeners() {
        ShmipcListenerRegistry present = registry.getIfAvailable();
        return present == null ? List.of() : present.containers();
    }
}
