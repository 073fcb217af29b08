package io.shmipc.spring.boot.autoconfigure.availability;

import io.shmipc.Session;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.client.ClientNames;
import io.shmipc.spring.event.ShmipcEvent;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerState;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;

/**
 * Refuses traffic while a listener that methods serve is not running, and, if asked to, while a client has no healthy
 * session.
 *
 * <p><b>Threads:</b> those that publish events.
 */
final class ReadinessFollower {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessFollower.class);

    private final ObjectProvider<ShmipcListenerRegistry> registry;
    private final ConfigurableListableBeanFactory beanFactory;
    private final ApplicationEventPublisher publisher;
    private final boolean withClients;
    private boolean ready;
    private boolean refusing;
    private boolean refusedByOthers;

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

    private void follow() {
        boolean refuse = !isServing();
        if (!ready || refusedByOthers || refuse == refusing) {
            return;
        }
        refusing = refuse;
        LOG.info("{} traffic: {}", refuse ? "Refusing" : "Accepting", refuse ? "not all listeners serve" : "all serve");
        AvailabilityChangeEvent.publish(
                publisher, this, refuse ? ReadinessState.REFUSING_TRAFFIC : ReadinessState.ACCEPTING_TRAFFIC);
    }

    private boolean isServing() {
        ShmipcListenerRegistry listeners = registry.getIfAvailable();
        boolean listening = listeners == null
                || listeners.containers().stream()
                        .filter(ListenerContainer::isServed)
                        .allMatch(container -> container.state() == ListenerState.RUNNING);
        return listening
                && (!withClients
                        || ClientNames.all(beanFactory).values().stream().allMatch(ReadinessFollower::isConnected));
    }

    private static boolean isConnected(SessionManager manager) {
        return manager.sessions().stream().anyMatch(Session::isHealthy);
    }
}
