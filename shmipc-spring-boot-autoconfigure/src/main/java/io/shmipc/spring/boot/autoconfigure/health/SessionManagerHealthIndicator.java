package io.shmipc.spring.boot.autoconfigure.health;

import io.shmipc.Session;
import io.shmipc.client.SessionManager;
import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Up while at least one session gives out streams. */
public final class SessionManagerHealthIndicator extends AbstractHealthIndicator {

    private final SessionManager sessionManager;

    public SessionManagerHealthIndicator(SessionManager sessionManager) {
        super("The sessions' state cannot be read");
        this.sessionManager = sessionManager;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        List<Session> sessions = sessionManager.sessions();
        long healthy = sessions.stream().filter(Session::isHealthy).count();
        builder.status(healthy > 0 ? Status.UP : Status.DOWN)
                .withDetail("address", sessionManager.config().address().toString())
                .withDetail("healthySessions", healthy)
                .withDetail("sessions", SessionDetails.of(sessions));
    }
}
