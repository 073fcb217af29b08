package io.shmipc.spring.boot.test.autoconfigure;

import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Holds a context back until its clients have met the listeners, which start after them, so that a test may call at once.
 *
 * <p>A listener that does not run, such as that of a slice without a method for it, is not waited for.
 */
final class ConnectedClients implements ApplicationListener<ContextRefreshedEvent> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 5;

    @Override
    public void onApplicationEvent(ContextRefreshedEvent started) {
        ApplicationContext context = started.getApplicationContext();
        Set<ShmipcAddress> served = context.getBeansOfType(ShmipcListenerRegistry.class, false, false).values().stream()
                .flatMap(registry -> registry.containers().stream())
                .filter(ListenerContainer::isRunning)
                .map(ListenerContainer::address)
                .collect(Collectors.toSet());
        // Those that are there: nothing is created, and no lazy client connects, only to be waited for.
        List<SessionManager> clients = context.getBeansOfType(SessionManager.class, false, false).values().stream()
                .filter(client -> served.contains(client.config().address()))
                .toList();
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!clients.stream().allMatch(ConnectedClients::isConnected) && System.nanoTime() - end < 0) {
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isConnected(SessionManager client) {
        return client.sessions().stream().anyMatch(Session::isHealthy);
    }
}
