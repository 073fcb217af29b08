package io.shmipc.spring.listener;

import io.shmipc.HotRestartException;
import io.shmipc.ListenCallback;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.server.Listener;
import io.shmipc.spring.annotation.InvalidDeclarationException;
import io.shmipc.spring.session.SessionTotals;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one listener and hands its streams to the endpoints that serve them.
 *
 * <p>It can be started and stopped again and again; each start makes a new engine listener from the same configuration.
 *
 * <p><b>Threads:</b> any.
 */
public final class ListenerContainer {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerContainer.class);

    private final ListenerDefinition definition;
    private final SessionTotals totals = new SessionTotals();
    private final HandlerCalls calls = new HandlerCalls();
    private final StreamCompanions companions = new StreamCompanions();
    private final MessageMethodFactory messageMethods;
    private final KeepAlive keepAlive;
    private final List<ListenerEndpoint> endpoints = new CopyOnWriteArrayList<>();
    private volatile ListenerObserver observer = new ListenerObserver() {};
    private volatile Duration gracePeriod = Duration.ZERO;
    private volatile ListenerState state = ListenerState.STOPPED;
    private volatile @Nullable StreamHandler handler;
    private volatile @Nullable Listener listener;
    private volatile SocketOwner socket = new SocketOwner(null, null);
    private volatile boolean moved;
    private volatile boolean autoStartup = true;
    private volatile boolean startedOnce;

    ListenerContainer(ListenerDefinition definition, MessageMethodFactory messageMethods, KeepAlive keepAlive) {
        this.definition = definition;
        this.messageMethods = messageMethods;
        this.keepAlive = keepAlive;
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
        return handler != null;
    }

    /** Returns the methods that serve this listener. */
    public List<ListenerEndpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    /** Returns whether it starts with the application: none of its methods says otherwise. */
    public boolean isAutoStartup() {
        return autoStartup;
    }

    /** Returns whether somebody misses it while it does not run: it starts with the application, or was started once. */
    public boolean isExpectedToRun() {
        return isServed() && (autoStartup || startedOnce);
    }

    /** Returns whether clients can connect. */
    public boolean isRunning() {
        Listener current = listener;
        return current != null && current.isRunning();
    }

    /** Returns what the listener does. */
    public ListenerState state() {
        return state;
    }

    /** Sets who is told what becomes of the listener; before it starts. */
    public void setObserver(ListenerObserver observer) {
        this.observer = observer;
    }

    /** Sets how long {@link #stop()} waits for calls that are under way; by default it does not wait. */
    public void setGracePeriod(Duration gracePeriod) {
        this.gracePeriod = gracePeriod;
    }

    /** Returns the counter of calls under way; whoever calls methods beyond the callbacks of streams counts there. */
    public ActiveCalls activeCalls() {
        return calls.active();
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

    /** Returns how many calls ended with an exception, messages that no method could be called for included. */
    public long handlerErrors() {
        return calls.errors().sum();
    }

    /** Returns the methods that are told when streams open and close. */
    StreamCompanions companions() {
        return companions;
    }

    /** Makes the endpoint serve this listener's streams. */
    synchronized void serve(ListenerEndpoint endpoint) {
        autoStartup &= endpoint.startsAutomatically();
        StreamHandler present = handler;
        StreamMethod reading = endpoint.isForMessages() ? null : StreamMethod.reading(endpoint);
        if (reading == null && (present == null || present instanceof MessageRoutes)) {
            serve((MessageRoutes) present, messageMethods.create(endpoint));
        } else if (present == null) {
            handler = reading;
        } else {
            throw new InvalidDeclarationException(
                    "Two @ShmipcListener methods would serve the streams of listener '" + name() + "': "
                            + present.describe() + " and " + endpoint.describe()
                            + ". A method that reads streams itself shares them with no other.",
                    "Keep one of them, or let the other serve a listener of its own: @ShmipcListener(listener = …).");
        }
        endpoints.add(endpoint);
    }

    private void serve(@Nullable MessageRoutes routes, MessageMethod method) {
        if (routes == null) {
            handler = new MessageRoutes(method);
        } else {
            routes.add(method);
        }
    }

    /** Listens, unless it does already or has no method that serves it. */
    public synchronized void start() {
        StreamHandler serving = handler;
        if (listener != null) {
            return;
        }
        if (serving == null) {
            LOG.warn(
                    "Nothing listens on {}: no bean has a @ShmipcListener method for listener '{}'",
                    definition.config().address(),
                    name());
            return;
        }
        calls.refuse(false);
        Listener starting = new Listener(new Dispatcher(serving), definition.config());
        try {
            starting.start();
        } catch (RuntimeException e) {
            starting.close();
            throw e;
        }
        listener = starting;
        keepAlive.begin();
        socket = SocketOwner.of(starting.address());
        moved = false;
        state = ListenerState.RUNNING;
        startedOnce = true;
        observer.onStarted(this);
        LOG.info("Listener '{}' serves {} with {}", name(), starting.address(), serving.describe());
    }

    /**
     * Asks all clients to connect to the listener's successor, which already listens on the same address. What is under
     * way goes on here; {@link #stop()} then waits for it.
     *
     * @return completes when every client has done so; fails with a {@link HotRestartException} after 2 s, or when the
     *     listener is stopped before
     * @throws HotRestartException if a hot restart is under way, a client is in its handshake, or there is no successor
     * @throws IllegalStateException if the listener is not running
     */
    public CompletionStage<Void> hotRestart() {
        Listener current = listener;
        if (current == null) {
            throw new IllegalStateException("Listener '" + name() + "' is not running.");
        }
        if (!socket.mayHaveSuccessor()) {
            throw new HotRestartException(
                    Reason.CONNECTION_FAILED,
                    "No other process listens on " + address() + ". Start it first; it has to take the address over.");
        }
        CompletionStage<Void> restart = current.hotRestart(System.currentTimeMillis());
        ListenerState before = state;
        state = ListenerState.RESTARTING;
        observer.onHotRestartBegun(this);
        return restart.whenComplete((done, failure) -> restarted(current, before, failure));
    }

    /** Notes how a hot restart ended, unless it is one of a listener that is closed: whoever closed it knows its state. */
    private void restarted(Listener restarted, ListenerState before, @Nullable Throwable failure) {
        if (listener != restarted) {
            return;
        }
        moved = failure == null;
        if (moved) {
            state = ListenerState.DRAINING;
        } else if (state == ListenerState.RESTARTING) {
            state = before;
        }
        observer.onHotRestartDone(this, failure);
    }

    /** Answers messages from now on with the error that nobody handles them. */
    void refuseMessages() {
        calls.refuse(true);
    }

    /** Returns whether the clients have connected to a successor. */
    boolean hasMoved() {
        return moved;
    }

    /** Closes the listener with its sessions, if it runs, after calls under way have ended or the grace period has. */
    public synchronized void stop() {
        Listener stopping = listener;
        if (stopping == null) {
            return;
        }
        state = ListenerState.DRAINING;
        observer.onDraining(this);
        new ListenerShutdown(this, stopping, socket, gracePeriod).run();
        listener = null;
        state = ListenerState.STOPPED;
        observer.onStopped(this);
    }

    private final class Dispatcher implements ListenCallback {

        private final StreamHandler serving;

        Dispatcher(StreamHandler serving) {
            this.serving = serving;
        }

        @Override
        public void onNewSession(Session session) {
            totals.add(session);
            observer.onSessionOpened(ListenerContainer.this, session);
            session.closeFuture()
                    .thenAccept(reason -> observer.onSessionClosed(ListenerContainer.this, session, reason));
        }

        @Override
        public void onNewStream(Stream stream) {
            StreamCallbacks callbacks = companions.around(stream, serving.open(stream, calls), calls);
            stream.setCallbacks(new CountedCallbacks(callbacks, calls.active()));
        }
    }
}
