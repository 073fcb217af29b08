package io.shmipc.session;

import io.shmipc.ShmipcException;
import io.shmipc.channel.Connection;
import io.shmipc.channel.EventLoop;
import io.shmipc.channel.MessageType;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Sends a session's short messages without waiting for the peer: they come from the event loop as well, which serves all
 * sessions.
 *
 * <pre>
 * post ──► socket, if it has room ── otherwise ──► tried again by a timer until all is out, or the session ends
 * </pre>
 *
 * <p><b>Threads:</b> any.
 */
final class ControlSender {

    private static final long RETRY_NANOS = Duration.ofMillis(1).toNanos();

    private final ShmipcSession session;
    private final Connection connection;
    private final EventLoop loop;
    private final AtomicBoolean retrying = new AtomicBoolean();

    ControlSender(ShmipcSession session, Connection connection, EventLoop loop) {
        this.session = session;
        this.connection = connection;
        this.loop = loop;
    }

    /** Sends a message without payload; returns what to throw if the session ends over it. */
    @Nullable
    ShmipcException post(MessageType type) {
        return post(type, 0);
    }

    /**
     * Sends a message whose payload is one number, as {@link Connection#post(MessageType, long)} has it.
     *
     * @return what to throw if the session ends over it
     */
    @Nullable
    ShmipcException post(MessageType type, long payload) {
        try {
            if (!connection.post(type, payload)) {
                retryLater();
            }
            return null;
        } catch (ShmipcException e) {
            return session.sendFailed(e);
        }
    }

    private void retryLater() {
        if (retrying.compareAndSet(false, true)) {
            loop.schedule(RETRY_NANOS, this::retry);
        }
    }

    private void retry() {
        retrying.set(false);
        if (session.isClosed()) {
            return;
        }
        try {
            if (!connection.flush()) {
                retryLater();
            }
        } catch (ShmipcException e) {
            session.sendFailed(e);
        }
    }
}
