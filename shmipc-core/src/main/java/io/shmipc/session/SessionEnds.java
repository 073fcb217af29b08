package io.shmipc.session;

import io.shmipc.Session;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for sessions that were closed to end. */
public final class SessionEnds {

    private static final Logger LOG = LoggerFactory.getLogger(SessionEnds.class);

    private SessionEnds() {}

    /**
     * Waits until all sessions have ended or the deadline has passed, and tells which have not ended. Sessions end on
     * the event loop, which must not call this.
     *
     * @param deadlineNanos for all of them, in terms of {@link System#nanoTime()}
     */
    public static void await(Collection<Session> sessions, long deadlineNanos) throws InterruptedException {
        for (Session session : sessions) {
            long leftNanos = Math.max(0, deadlineNanos - System.nanoTime());
            try {
                session.closeFuture().toCompletableFuture().get(leftNanos, TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn("{} has not ended in time", session);
            }
        }
    }
}
