package io.shmipc.session;

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

    /** Elements of a queue that always has more, before others have their turn. */
    private static final int ELEMENTS_AT_A_TIME = 8192;

    /** Reads of a socket that always has more, each of one buffer, before others have their turn. */
    private static final int READS_AT_A_TIME = 64;

    private final ShmipcSession session;
    private final ReceiveQueue queue;
    private final Connection connection;
    private final MessageRouter router;
    private final SocketSleep sleep;
    private final QueueCloses closes;
    private final Runnable elements = this::allElements;
    private volatile boolean socketReady;
    private int batch;
    private int next;

    Delivery(ShmipcSession session, ReceiveQueue queue, Connection connection, SocketSleep sleep, QueueCloses closes) {
        this.session = session;
        this.queue = queue;
        this.connection = connection;
        this.sleep = sleep;
        this.closes = closes;
        this.router = new MessageRouter(session, closes);
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

    /** Returns whether the socket has something or decides a stream's end, or bytes off it wait for whoever takes them. */
    boolean hasMessages() {
        return socketReady || closes.areDue() || connection.hasPending();
    }

    /**
     * Delivers what is on the queue, and on the socket if it is known to be ready; returns whether there was anything.
     */
    boolean fromBoth() {
        boolean found = fromQueue();
        if (socketReady || closes.areDue()) {
            found |= fromSocket();
        }
        if (found) {
            Mappings.raiseFaults();
        }
        return found;
    }

    /** Delivers everything on the queue; returns whether there was anything. */
    boolean fromQueue() {
        boolean found = elements(Math.min(queue.capacity(), ELEMENTS_AT_A_TIME));
        if (found && !closes.isEmpty()) {
            fromSocket();
        }
        return found;
    }

    /** Delivers what is on the queue when this begins, and perhaps more, but not for ever what comes meanwhile. */
    private void allElements() {
        elements(queue.capacity());
    }

    private boolean elements(int limit) {
        boolean found = false;
        int left = limit;
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
                closes.add(stream);
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
                        closes.socketRead();
                    }
                    case ALL -> {
                        found = true;
                        closes.socketRead();
                        // Before anybody waits for a paused socket the system is asked whether it is ready. But a
                        // stream that was closed on the queue meanwhile may have sent bytes before, to be read first.
                        if (sleep.isPaused() && closes.isEmpty()) {
                            return true;
                        }
                    }
                    case NOTHING -> {
                        closes.socketEmpty();
                        return found;
                    }
                    case END -> {
                        closes.endAll();
                        session.endedByPeer();
                        return true;
                    }
                }
            }
            socketReady = true;
        } catch (IOException e) {
            allElements();
            closes.endAll();
            session.connectionLost(e);
        } catch (Throwable e) {
            session.broken(e);
        }
        return true;
    }
}
