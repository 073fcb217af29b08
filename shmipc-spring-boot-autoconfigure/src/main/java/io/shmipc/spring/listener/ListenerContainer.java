package io.shmipc.spring.listener;

import io.shmipc.ListenCallback;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.server.Listener;
import io.shmipc.spring.session.SessionTotals;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one listener and hands its streams to the endpoint that serves them.
 *
 * <p>It can be started and stopped again and again; each start makes a new engine listener from the same configuration.
 *
 * <p><b>Threads:</b> any.
 */
public final class ListenerContainer {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerContainer.class);

    private final ListenerDefinition definition;
    private final SessionTotals totals = new SessionTotals();
    private final LongAdder handlerErrors = new LongAdder();
    private volatile @Nullable StreamMethod streamMethod;
    private volatile @Nullable Listener listener;

    ListenerContainer(ListenerDefinition definition) {
        this.definition = definition;
    }

    /** Returns the listener's name. */
    public String name() {
        return definition.name();
    }

    /** Returns the address that clients connect to: with the actual port while it runs, else as configured. */
    public ShmipcAddress address() {
        Listener current = listener;
        return current == null ? definition.config().address() : current.address();
    }

    /** Returns whether a method serves this listener; without one it is not started. */
    public boolean isServed() {
        return streamMethod != null;
    }

    /** Returns whether clients can connect. */
    public boolean isRunning() {
        Listener current = listener;
        return current != null && current.isRunning();
    }

    /** Returns the open sessions. */
    public List<Session> sessions() {
        Listener current = listener;
        return current == null ? List.of() : current.sessions();
    }

    /** Returns the counters of all sessions that this listener ever had. */
    public SessionTotals totals() {
        return totals;
    }

    /** Returns how many calls of the method ended with an exception. */
    public long handlerErrors() {
        return handlerErrors.sum();
    }

    /** Makes the endpoint serve this listener's streams. */
    synchronized void serve(ListenerEndpoint endpoint) {
        StreamMethod present = streamMethod;
        if (present != null) {
            throw new InvalidListenerException(
                    "Two @ShmipcListener methods would serve the streams of listener '" + name() + "': "
                            + present.endpoint().describe() + " and " + endpoint.describe() + ".",
                    "Keep one of them, or let the other serve a listener of its own: @ShmipcListener(listener = …).");
        }
        streamMethod = new StreamMethod(endpoint);
    }

    /** Listens, unless it does already or has no method that serves it. */
    synchronized void start() {
        StreamMethod method = streamMethod;
        if (listener != null) {
            return;
        }
        if (method == null) {
            LOG.warn(
                    "Nothing listens on {}: no bean has a @ShmipcListener method for listener '{}'",
                    definition.config().address(),
                    name());
            return;
        }
        Listener starting = new Listener(new Dispatcher(method), definition.config());
        try {
            starting.start();
        } catch (RuntimeException e) {
            starting.close();
            throw e;
        }
        listener = starting;
        LOG.info(
                "Listener '{}' serves {} with {}",
                name(),
                starting.address(),
                method.endpoint().describe());
    }

    /** Closes the listener with its sessions, if it runs. */
    synchronized void stop() {
        Listener stopping = listener;
        if (stopping != null) {
            listener = null;
            stopping.close();
        }
    }

    private final class Dispatcher implements ListenCallback {

        private final StreamMethod method;

        Dispatcher(StreamMethod method) {
            this.method = method;
        }

        @Override
        public void onNewSession(Session session) {
            totals.add(session);
        }

        @Override
        public void onNewStream(Stream stream) {
            stream.setCallbacks(new StreamMethodAdapter(method, stream, handlerErrors));
        }
    }
}
