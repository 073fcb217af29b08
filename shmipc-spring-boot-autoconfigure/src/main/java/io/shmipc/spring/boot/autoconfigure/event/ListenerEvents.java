package io.shmipc.spring.boot.autoconfigure.event;

import io.shmipc.Session;
import io.shmipc.spring.event.ShmipcEvent;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerObserver;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationEventPublisher;

/** Publishes what becomes of listeners and their sessions. */
final class ListenerEvents implements ListenerObserver, SmartInitializingSingleton {

    private final ObjectProvider<ShmipcListenerRegistry> registry;
    private final EventPublication publication;

    ListenerEvents(ObjectProvider<ShmipcListenerRegistry> registry, ApplicationEventPublisher publisher) {
        this.registry = registry;
        this.publication = new EventPublication(publisher);
    }

    @Override
    public void afterSingletonsInstantiated() {
        registry.ifAvailable(present -> present.containers().forEach(container -> container.setObserver(this)));
    }

    @Override
    public void onStarted(ListenerContainer listener) {
        publication.publish(new ShmipcEvent.ListenerStarted(listener.name(), listener.address()));
    }

    @Override
    public void onDraining(ListenerContainer listener) {
        publication.publish(new ShmipcEvent.ListenerDraining(listener.name()));
    }

    @Override
    public void onStopped(ListenerContainer listener) {
        publication.publish(new ShmipcEvent.ListenerStopped(listener.name()));
    }

    @Override
    public void onSessionOpened(ListenerContainer listener, Session session) {
        publication.publish(new ShmipcEvent.SessionOpened(listener.name(), session));
    }

    @Override
    public void onSessionClosed(ListenerContainer listener, Session session, String reason) {
        publication.publish(new ShmipcEvent.SessionClosed(listener.name(), session, reason));
    }

    @Override
    public void onHotRestartBegun(ListenerContainer listener) {
        publication.publish(new ShmipcEvent.HotRestartBegun(listener.name()));
    }

    @Override
    public void onHotRestartDone(ListenerContainer listener, @Nullable Throwable failure) {
        publication.publish(new ShmipcEvent.HotRestartDone(listener.name(), failure));
    }
}
