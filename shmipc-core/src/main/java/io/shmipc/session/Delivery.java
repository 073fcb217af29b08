package io.shmipc.session;

import io.shmipc.Network;
import io.shmipc.channel.Connection;
import io.shmipc.shm.ReceiveQueue;
import io.shmipc.shm.Slice;
import io.shmipc.sys.Mappings;
import java.io.IOException;

/**
 * Takes what the peer sent to its streams: elements off the queue, messages off the socket, each behind what was sent
 * before it.
 *
 * <pre>
 * queue ── element ──────────────────────────────► stream
 *   ▲ drained after the bytes were read, before they count
 * socket ── bytes ── message ────────────────────► stream
 * </pre>
 *
 * <p>Whatever it meets ends the session and not the thread, which has the consumer role to give back. A callback that
 * runs on this thread and waits for more comes back here; it goes on where the delivery around it stands.
 *
 * <p><b>Threads:</b> the holder of the consumer role, but for {@link #socketReady()}.
 */
final class Delivery {

    /** Reads of a socket that always has more, each of one buffer, before others have their turn. */
    private static final int READS_AT_A_TIME = 64;

    /** How long TCP may take to bring what its sender still holds, once there is room for it. */
    private static final long UNDER_WAY_NANOS = 10_000_000;

    private final ShmipcSession session;
    private final ReceiveQueue queue;
    private final Connection connection;
    private final MessageRouter router;
    private final SocketSleep sleep;
    private final Runnable elements = this::elements;
    private volatile boolean socketReady;
    private int batch;
    private int next;

    Delivery(ShmipcSession session, ReceiveQueue queue, Connection connection, SocketSleep sleep) {
        this.session = session;
        this.queue = queue;
        this.connection = connection;
        this.sleep = sleep;
        this.router = new MessageRouter(session);
    }

    /** Says that the socket has something, or may have; any thread. */
    void socketReady() {
        socketReady = true;
    }

    /** Has whoever drains next look at the socket as well, if the event loop will not hear of it. */
    void noteUnwatchedSocket() {
        if (sleep.isPaused()) {
            socketReady = true;
        }
    }

    boolean isSocketReady() {
        return socketReady;
    }

    /** Returns whether the socket has something, or bytes off it wait for whoever takes them. */
    boolean hasMessages() {
        return socketReady || connection.hasPending();
    }

    /**
     * Waits for what a stream that was closed on the queue sent before through TCP, whose sender holds what the receiver had
     * no room for: an empty socket is no proof that nothing comes. Only sessions over TCP in which something fell back wait.
     */
    private boolean isMoreUnderWay() throws IOException {
        return session.streams().hasClosed()
                && session.remoteAddress().network() == Network.TCP
                && session.counters().fallbackReads.sum() > 0
                && connection.awaitReadable(UNDER_WAY_NANOS);
    }

    /**
     * Delivers what is on the queue, and on the socket if it is known to be ready; returns whether there was anything.
     */
    boolean fromBoth() {
        boolean found = fromQueue();
        if (socketReady) {
            found |= fromSocket();
        }
        if (found) {
            Mappings.raiseFaults();
        }
        return found;
    }

    /** Delivers everything on the queue; returns whether there was anything. */
    boolean fromQueue() {
        boolean found = elements();
        if (found && session.streams().hasClosed()) {
            fromSocket();
        }
        return found;
    }

    /** Delivers what is on the queue when this begins, and perhaps more, but not for ever what comes meanwhile. */
    private boolean elements() {
        boolean found = false;
        int left = queue.capacity();
        try {
            while (true) {
                if (next == batch) {
                    if (left <= 0) {
                        return true;
                    }
                    next = 0;
                    batch = 0;
                    batch = queue.take();
                    if (batch == 0) {
                        return found;
                    }
                    left -= batch;
                }
                found = true;
                int element = next++;
                deliver(queue.streamId(element), queue.offset(element), queue.state(element));
            }
        } catch (Throwable e) {
            session.broken(e);
        }
        return true;
    }

    private void deliver(int streamId, int offset, int state) {
        ShmipcStream stream = session.streams().findOrAccept(streamId, state);
        if (state == StreamState.CLOSED) {
            if (stream != null) {
                session.streams().closedOnQueue(stream);
            }
            return;
        }
        Slice chain = session.region().receive(offset);
        if (stream == null) {
            session.region().recycle(chain);
            return;
        }
        session.counters().addInFlowBytes(chain.chainBytes());
        stream.deliver(chain, state == StreamState.HALF_CLOSED);
    }

    /**
     * Delivers everything on the socket, and on the queue before it acts on any message; or so much that others want
     * this thread, and then the socket stays marked as ready.
     */
    boolean fromSocket() {
        socketReady = false;
        boolean found = false;
        try {
            for (int reads = 0; reads < READS_AT_A_TIME; reads++) {
                switch (connection.receive(router, elements)) {
                    case SOME -> {
                        found = true;
                        session.streams().afterRead();
                    }
                    case ALL -> {
                        found = true;
                        session.streams().afterRead();
                        // Before anybody waits for a paused socket the system is asked whether it is ready. But a
                        // stream that was closed on the queue meanwhile may have sent bytes before, to be read first.
                        if (sleep.isPaused() && !session.streams().hasClosed()) {
                            return true;
                        }
                    }
                    case NOTHING -> {
                        if (isMoreUnderWay()) {
                            continue;
                        }
                        session.streams().endClosed();
                        return found;
                    }
                    case END -> {
                        session.streams().endClosed();
                        session.endedByPeer();
                        return true;
                    }
                }
            }
            socketReady = true;
        } catch (IOException e) {
            elements();
            session.streams().endClosed();
            session.connectionLost(e);
        } catch (Throwable e) {
            session.broken(e);
        }
        return true;
    }
}
