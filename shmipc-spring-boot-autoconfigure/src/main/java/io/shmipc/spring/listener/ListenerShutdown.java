package io.shmipc.spring.listener;

import io.shmipc.HotRestartException;
import io.shmipc.Session;
import io.shmipc.server.Listener;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a listener after what its clients asked for was answered, or the grace period is over.
 *
 * <p>If another process has taken the address over, the clients are sent there first and no call is lost. Otherwise it
 * is enough that no call is under way and none waits in a queue or for a thread: clients keep idle streams open for
 * their next call.
 */
final class ListenerShutdown {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerShutdown.class);

    /**
     * How often in a row nothing must be found under way: a message that a thread has taken off a queue, and not given to
     * its stream yet, is nowhere to be found.
     */
    private static final int QUIET_CHECKS = 10;

    private final ListenerContainer container;
    private final Listener listener;
    private final SocketOwner socket;
    private final long deadlineNanos;
    private int quietChecks;

    ListenerShutdown(ListenerContainer container, Listener listener, SocketOwner socket, Duration gracePeriod) {
        this.container = container;
        this.listener = listener;
        this.socket = socket;
        this.deadlineNanos = System.nanoTime() + gracePeriod.toNanos();
    }

    void run() {
        try {
            boolean drained = hasMovedToSuccessor() ? listener.drain(remaining()) : becomesQuiet();
            if (!drained && isUnderWay()) {
                LOG.warn(
                        "Listener '{}' closes with {} calls under way: the grace period is over",
                        container.name(),
                        container.activeCalls().count());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listener.close();
        }
    }

    /** Sends the clients to the successor, if there is one; returns whether they went. */
    private boolean hasMovedToSuccessor() throws InterruptedException {
        while (!container.hasMoved() && socket.hasSuccessor() && !remaining().isZero()) {
            try {
                container.hotRestart().toCompletableFuture().get(remaining().toNanos(), TimeUnit.NANOSECONDS);
            } catch (HotRestartException e) {
                LOG.debug("Listener '{}' cannot send its clients away yet", container.name(), e);
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn(
                        "Clients of listener '{}' did not all connect to its successor: {}",
                        container.name(),
                        e.getMessage());
                return false;
            }
        }
        return container.hasMoved();
    }

    /** Lets no more calls begin, where that can be said to the caller, and waits for those that have. */
    private boolean becomesQuiet() throws InterruptedException {
        container.refuseMessages();
        return ActiveCalls.await(this::isQuiet, remaining());
    }

    private Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    private boolean isQuiet() {
        quietChecks = isUnderWay() ? 0 : quietChecks + 1;
        return quietChecks >= QUIET_CHECKS;
    }

    /** Looks in the order in which messages pass: none overtakes the look. */
    private boolean isUnderWay() {
        return listener.sessions().stream().anyMatch(ListenerShutdown::hasMessages)
                || container.activeCalls().count() > 0;
    }

    private static boolean hasMessages(Session session) {
        return !session.isClosed()
                && (session.metrics().performance().receiveQueueCount() > 0 || session.activeCallbackCount() > 0);
    }
}
