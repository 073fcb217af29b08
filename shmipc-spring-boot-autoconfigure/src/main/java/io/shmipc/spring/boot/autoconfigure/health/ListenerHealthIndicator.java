package io.shmipc.spring.boot.autoconfigure.health;

import io.shmipc.Session;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ListenerState;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Up while clients can connect to every listener that is expected to run, out of service while one drains or restarts;
 * unknown if none is: no method serves it, or it waits to be started.
 */
public final class ListenerHealthIndicator extends AbstractHealthIndicator {

    private final ShmipcListenerRegistry registry;

    public ListenerHealthIndicator(ShmipcListenerRegistry registry) {
        super("The listeners' state cannot be read");
        this.registry = registry;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.status(status());
        for (ListenerContainer container : registry.containers()) {
            builder.withDetail(container.name(), describe(container));
        }
    }

    private Status status() {
        List<ListenerContainer> expected = registry.containers().stream()
                .filter(ListenerContainer::isExpectedToRun)
                .toList();
        if (expected.isEmpty()) {
            return Status.UNKNOWN;
        }
        if (expected.stream().anyMatch(container -> container.state() == ListenerState.STOPPED)) {
            return Status.DOWN;
        }
        return expected.stream().allMatch(container -> container.state() == ListenerState.RUNNING)
                ? Status.UP
                : Status.OUT_OF_SERVICE;
    }

    private static Map<String, Object> describe(ListenerContainer container) {
        List<Session> sessions = container.sessions();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("address", container.address().toString());
        details.put("state", container.state());
        details.put("activeCalls", container.activeCalls().count());
        details.put("openSessions", sessions.size());
        details.put("sessions", SessionDetails.of(sessions));
        return details;
    }
}
