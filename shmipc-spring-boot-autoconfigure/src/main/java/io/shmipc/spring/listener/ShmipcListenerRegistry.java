package io.shmipc.spring.listener;

import io.shmipc.Network;
import io.shmipc.ShmipcAddress;
import io.shmipc.spring.annotation.InvalidDeclarationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Knows all listeners and their methods, and starts and stops the listeners with the application.
 *
 * <p>A thread that is no daemon keeps an application up that does nothing but listen: from when the first listener starts,
 * with the application or by hand, until the registry stops.
 *
 * <p><b>Threads:</b> any.
 */
public final class ShmipcListenerRegistry implements SmartLifecycle, DisposableBean {

    /**
     * Starts late and stops early: before a web server drains its requests, as other message listeners of Spring do.
     */
    public static final int PHASE = DEFAULT_PHASE - 100;

    private static final Logger LOG = LoggerFactory.getLogger(ShmipcListenerRegistry.class);

    private final Map<String, ListenerContainer> containers = new LinkedHashMap<>();
    private final Set<String> switchedOff;
    private final Map<String, ListenerEndpoint> endpoints = Collections.synchronizedMap(new LinkedHashMap<>());
    private final KeepAlive keepAlive = new KeepAlive();
    private volatile boolean running;

    /**
     * @param definitions the listeners
     * @param messageMethods prepares the methods that take messages
     * @throws InvalidDeclarationException if two of the listeners have one name or one address
     */
    public ShmipcListenerRegistry(Collection<ListenerDefinition> definitions, MessageMethodFactory messageMethods) {
        this(definitions, messageMethods, Set.of());
    }

    /**
     * @param definitions the listeners
     * @param messageMethods prepares the methods that take messages
     * @param switchedOff names of listeners that are not wanted; methods that serve them are left alone
     * @throws InvalidDeclarationException if two of the listeners have one name or one address
     */
    public ShmipcListenerRegistry(
            Collection<ListenerDefinition> definitions, MessageMethodFactory messageMethods, Set<String> switchedOff) {
        this.switchedOff = Set.copyOf(switchedOff);
        Map<ShmipcAddress, String> names = new HashMap<>();
        for (ListenerDefinition definition : definitions) {
            String name = definition.name();
            if (containers.put(name, new ListenerContainer(definition, messageMethods, keepAlive)) != null) {
                throw new InvalidDeclarationException(
                        "Two listeners have the name '" + name + "'.", "Give each ListenerDefinition its own name.");
            }
            ShmipcAddress address = definition.config().address();
            String other = isAnyPort(address) ? null : names.put(address, name);
            if (other != null) {
                throw new InvalidDeclarationException(
                        "The listeners '" + other + "' and '" + name + "' have one address, " + address + ".",
                        "Give each listener its own address.");
            }
        }
    }

    /** Returns the listeners, running or not. */
    public Collection<ListenerContainer> containers() {
        return Collections.unmodifiableCollection(containers.values());
    }

    /** Returns the listener of that name, or null. */
    public @Nullable ListenerContainer container(String name) {
        return containers.get(name);
    }

    /** Returns the endpoint with that id, or null. */
    public @Nullable ListenerEndpoint endpoint(String id) {
        return endpoints.get(id);
    }

    /**
     * Returns the listener that the method with that id serves, or null: to start or stop it, together with whatever else
     * serves it.
     */
    public @Nullable ListenerContainer containerOf(String id) {
        ListenerEndpoint endpoint = endpoints.get(id);
        return endpoint == null ? null : containers.get(endpoint.listener());
    }

    /** Returns the annotated methods, each with its id. */
    public Collection<ListenerEndpoint> endpoints() {
        synchronized (endpoints) {
            return List.copyOf(endpoints.values());
        }
    }

    /** Makes an endpoint serve the listener that it names; the listener must not be running yet. */
    void register(ListenerEndpoint endpoint) {
        ListenerContainer container = wantedContainer(endpoint);
        if (container == null) {
            return;
        }
        ListenerEndpoint present = endpoints.putIfAbsent(endpoint.id(), endpoint);
        if (present != null) {
            throw new InvalidDeclarationException(
                    "Two @ShmipcListener methods have the id '" + endpoint.id() + "': " + present.describe() + " and "
                            + endpoint.describe() + ".",
                    "Set the id attribute of one of them.");
        }
        container.serve(endpoint);
    }

    /** Tells a method of the streams that clients open; the listener must not be running yet. */
    void registerOpened(ListenerEndpoint companion) {
        ListenerContainer container = wantedContainer(companion);
        if (container != null) {
            container.companions().addOpened(companion);
        }
    }

    /** Tells a method of the streams that are over; the listener must not be running yet. */
    void registerClosed(ListenerEndpoint companion) {
        ListenerContainer container = wantedContainer(companion);
        if (container != null) {
            container.companions().addClosed(companion);
        }
    }

    /** Returns the listener that the method names, or null if that is switched off. */
    private @Nullable ListenerContainer wantedContainer(ListenerEndpoint endpoint) {
        ListenerContainer container = containers.get(endpoint.listener());
        if (container != null) {
            return container;
        }
        if (switchedOff.contains(endpoint.listener())) {
            LOG.info("{} is not called: listener '{}' is switched off", endpoint.describe(), endpoint.listener());
            return null;
        }
        throw new InvalidDeclarationException(
                "The method " + endpoint.describe() + " serves the listener '" + endpoint.listener()
                        + "', but there is none of that name, only " + containers.keySet() + ".",
                "Set shmipc.server.address for the listener 'server', shmipc.listeners.<name>.address for any other, or "
                        + "declare a ListenerDefinition bean. To do without, set shmipc.listeners.<name>.enabled=false, "
                        + "or shmipc.server.enabled=false for all listeners.");
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        try {
            containers.values().stream()
                    .filter(ListenerContainer::isAutoStartup)
                    .forEach(ListenerContainer::start);
        } catch (RuntimeException e) {
            stopContainers();
            throw e;
        }
        running = true;
    }

    @Override
    public synchronized void stop() {
        if (running) {
            running = false;
            stopContainers();
        }
    }

    /** Stops without holding up others of the same phase, while calls under way are waited for. */
    @Override
    public void stop(Runnable callback) {
        Thread thread = new Thread(
                () -> {
                    try {
                        stop();
                    } finally {
                        callback.run();
                    }
                },
                "shmipc-stop");
        thread.start();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** Stops what a context that failed to start has left running, and what was started by hand after a stop. */
    @Override
    public void destroy() {
        stop();
        stopContainers();
    }

    /** Stops all listeners at a time: their grace periods do not add up. The application may end then. */
    private void stopContainers() {
        List<Thread> stopping = new ArrayList<>();
        for (ListenerContainer container : containers.values()) {
            if (container.isRunning()) {
                Thread thread = new Thread(() -> stop(container), "shmipc-stop-" + container.name());
                thread.start();
                stopping.add(thread);
            }
        }
        try {
            for (Thread thread : stopping) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping.forEach(Thread::interrupt);
        }
        keepAlive.end();
    }

    private static void stop(ListenerContainer container) {
        try {
            container.stop();
        } catch (RuntimeException e) {
            LOG.warn("Listener '{}' did not close cleanly", container.name(), e);
        }
    }

    private static boolean isAnyPort(ShmipcAddress address) {
        return address.network() == Network.TCP && address.port() == 0;
    }
}
