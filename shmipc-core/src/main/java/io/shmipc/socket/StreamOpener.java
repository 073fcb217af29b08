package io.shmipc.socket;

import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens streams of a manager's sessions, session by session in turn, the unhealthy ones last.
 *
 * <p>Never takes one from the manager's pool: the server knows those already, and a connection must be new to it.
 *
 * <p><b>Threads:</b> any.
 *
 * @param manager whose sessions are used
 */
record StreamOpener(SessionManager manager) {

    private static final AtomicInteger TURN = new AtomicInteger();

    Stream open() {
        List<Session> sessions = manager.sessions();
        if (sessions.isEmpty() || manager.isClosed()) {
            return manager.getStream();
        }
        int first = Math.floorMod(TURN.getAndIncrement(), sessions.size());
        for (int i = 0; i < sessions.size(); i++) {
            Session session = sessions.get((first + i) % sessions.size());
            if (session.isHealthy()) {
                return session.openStream();
            }
        }
        return sessions.get(first).openStream();
    }
}
