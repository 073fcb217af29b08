package io.shmipc.spring.boot.autoconfigure.event;

import io.shmipc.Session;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.client.ClientNames;
import io.shmipc.spring.event.ShmipcEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationEventPublisherAware;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Publishes which sessions the context's session managers open and lose.
 *
 * <p>Session managers open lost sessions again without telling: while one has fewer than it should, it is looked at
 * every {@value #CHECK_MILLIS} ms. One that has all of its sessions is left alone.
 *
 * <p><b>Threads:</b> the watching thread, but for the callbacks of Spring.
 */
final class ClientEvents implements BeanPostProcessor, ApplicationEventPublisherAware, SmartLifecycle {

    private static final long CHECK_MILLIS = 100;

    /** Begins before anything that may want to know, and ends after it. */
    private static final int PHASE = Integer.MIN_VALUE + 1000;

    private record Watched(String name, SessionManager manager, Set<Session> known) {}

    private final List<Watched> managers = new ArrayList<>();
    private @Nullable EventPublication publication;
    private @Nullable ScheduledExecutorService watching;

    @Override
    public void setApplicationEventPublisher(ApplicationEventPublisher publisher) {
        publication = new EventPublication(publisher);
    }

    @Override
    public synchronized Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof SessionManager manager) {
            Watched watched = new Watched(ClientNames.withoutEnding(beanName), manager, new HashSet<>());
            managers.add(watched);
            watch(watched);
        }
        return bean;
    }

    @Override
    public synchronized void start() {
        if (watching == null) {
            CustomizableThreadFactory threads = new CustomizableThreadFactory("shmipc-watch-");
            threads.setDaemon(true);
            watching = new ScheduledThreadPoolExecutor(1, threads);
            managers.forEach(this::watch);
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

    @Override
    public int getPhase() {
        return PHASE;
    }

    private synchronized void watch(Watched watched) {
        run(() -> look(watched), 0);
    }

    private synchronized void run(Runnable task, long delayMillis) {
        if (watching != null) {
            try {
                Future<?> unused = watching.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                // Stopped meanwhile: nobody is told any more.
                return;
            }
        }
    }

    private void look(Watched watched) {
        long open = 0;
        for (Session session : watched.manager().sessions()) {
            open += session.isClosed() ? 0 : 1;
            if (!session.isClosed() && watched.known().add(session)) {
                publish(new ShmipcEvent.SessionOpened(watched.name(), session));
                session.closeFuture().thenAccept(reason -> run(() -> lost(watched, session, reason), 0));
            }
        }
        if (open < watched.manager().config().sessions() && !watched.manager().isClosed()) {
            run(() -> look(watched), CHECK_MILLIS);
        }
    }

    private void lost(Watched watched, Session session, String reason) {
        watched.known().remove(session);
        publish(new ShmipcEvent.SessionClosed(watched.name(), session, reason));
        look(watched);
    }

    private void publish(ShmipcEvent event) {
        if (publication != null) {
            publication.publish(event);
        }
    }
}
