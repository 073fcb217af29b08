package io.shmipc.spring.boot.autoconfigure.availability;

import io.shmipc.Session;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.client.ClientNames;
import io.shmipc.spring.event.ShmipcEvent;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerState;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Refuses traffic while a listener that is expected to run does not, and, if asked to, while a client has no healthy
 * session.
 *
 * <p>No event tells that a session's circuit breaker opens or closes: clients are looked at every {@value #CHECK_MILLIS}
 * ms as well.
 *
 * <p><b>Threads:</b> those that publish events, and the one that looks at clients.
 */
final class ReadinessFollower implements SmartLifecycle {

    private static final long CHECK_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessFollower.class);

    private final ObjectProvider<ShmipcListenerRegistry> registry;
    private final ConfigurableListableBeanFactory beanFactory;
    private final ApplicationEventPublisher publisher;
    private final boolean withClients;
    private boolean ready;
    private boolean refusing;
    private boolean refusedByOthers;
    private @Nullable ScheduledExecutorService watching;

    ReadinessFollower(
            ObjectProvider<ShmipcListenerRegistry> registry,
            ConfigurableListableBeanFactory beanFactory,
            ApplicationEventPublisher publisher,
            boolean withClients) {
        this.registry = registry;
        this.beanFactory = beanFactory;
        this.publisher = publisher;
        this.withClients = withClients;
    }

    @EventListener
    synchronized void onEvent(ShmipcEvent event) {
        follow();
    }

    /** The application is ready, it closes, or somebody changed its readiness. */
    @EventListener
    synchronized void onReadiness(AvailabilityChangeEvent<ReadinessState> event) {
        if (event.getSource() == this) {
            return;
        }
        ready = true;
        refusing = false;
        refusedByOthers = event.getState() == ReadinessState.REFUSING_TRAFFIC;
        follow();
    }

    @Override
    public synchronized void start() {
        if (withClients && watching == null) {
            CustomizableThreadFactory threads = new CustomizableThreadFactory("shmipc-readiness-");
            threads.setDaemon(true);
            watching = new ScheduledThreadPoolExecutor(1, threads);
            Future<?> unused =
                    watching.scheduleWithFixedDelay(this::look, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void stop() {
        if (watching != null) {
            watching.shutdownNow();
            watching = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return watching != null;
    }

    /** Follows, unless stopped meanwhile; what somebody throws who is told must not be the end of looking. */
    private synchronized void look() {
        if (watching == null) {
            return;
        }
        try {
            follow();
        } catch (RuntimeException e) {
            LOG.warn("The readiness of clients could not be followed", e);
        }
    }

    private void follow() {
        String reason = reasonToRefuse();
        boolean refuse = reason != null;
        if (!ready || refusedByOthers || refuse == refusing) {
            return;
        }
        refusing = refuse;
        LOG.info("{} traffic: {}", refuse ? "Refusing" : "Accepting", refuse ? reason : "all serve");
        AvailabilityChangeEvent.publish(
                publisher, this, refuse ? ReadinessState.REFUSING_TRAFFIC : ReadinessState.ACCEPTING_TRAFFIC);
    }

    private @Nullable String reasonToRefuse() {
        if (!isServing()) {
            return "not all listeners serve";
        }
        return withClients && !isConnected() ? "not all clients have a healthy session" : null;
    }

    private boolean isServing() {
        ShmipcListenerRegistry listeners = registry.getIfAvailable();
        return listeners == null
                || listeners.containers().stream()
                        .filter(ListenerContainer::isExpectedToRun)
                        .allMatch(container -> container.state() == ListenerState.RUNNING);
    }

    private boolean isConnected() {
        return ClientNames.all(beanFactory).values().stream().allMatch(ReadinessFollower::isConnected);
    }

    private static boolean isConnected(SessionManager manager) {
        return manager.sessions().stream().anyMatch(Session::isHealthy);
    }
}
