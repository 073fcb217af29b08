package io.shmipc.server;

import io.shmipc.ListenCallback;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.channel.EventLoop;
import io.shmipc.session.SessionEnds;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for clients and hands the streams that they open to a callback.
 *
 * <pre>
 * new ──start──► running ──close──► closed          not restartable: make another one
 * </pre>
 *
 * <p><b>Threads:</b> any.
 */
public final class Listener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final long CLOSE_TIMEOUT_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long DRAIN_CHECK_MILLIS = 10;

    private enum State {
        NEW,
        RUNNING,
        CLOSED
    }

    private final ListenCallback callback;
    private final ListenerConfig config;
    private State state = State.NEW;
    private boolean unlinkOnClose = true;
    private @Nullable Acceptor acceptor;
    private @Nullable EventLoop loop;
    private ShmipcAddress address;

    public Listener(ListenCallback callback, ListenerConfig config) {
        this.callback = callback;
        this.config = config;
        this.address = config.address();
    }

    /**
     * Binds the address and begins to accept clients.
     *
     * @throws io.shmipc.AddressException if the address is in use or cannot be bound
     * @throws io.shmipc.UnsupportedPlatformException if this machine cannot run shmipc
     * @throws IllegalStateException if it was started before
     */
    public synchronized void start() {
        if (state != State.NEW) {
            throw new IllegalStateException("The listener on " + address + " was started before: make another one.");
        }
        EventLoop eventLoop = EventLoop.acquire();
        try {
            ListeningSocket socket = ListeningSocket.bind(config);
            address = socket.address();
            Acceptor accepting = new Acceptor(socket, config, callback, eventLoop);
            accepting.start();
            acceptor = accepting;
            loop = eventLoop;
            state = State.RUNNING;
            LOG.debug("listening on {}", address);
        } catch (RuntimeException | Error e) {
            EventLoop.release();
            throw e;
        }
    }

    /** Returns whether clients are accepted. */
    public synchronized boolean isRunning() {
        return state == State.RUNNING;
    }

    /** Returns the address; once started, with the port that was bound. */
    public synchronized ShmipcAddress address() {
        return address;
    }

    /** Returns the sessions that are open. */
    public synchronized List<Session> sessions() {
        Acceptor current = acceptor;
        return current == null ? List.of() : current.sessions();
    }

    /** Sets whether {@link #close()} removes the socket file; default true, false hands it to a successor. */
    public synchronized void setUnlinkOnClose(boolean unlink) {
        unlinkOnClose = unlink;
    }

    /**
     * Asks all clients to connect to this listener's successor, which already listens on the same address.
     *
     * <p>Streams in flight go on over the old sessions; close this listener when they are done with, see {@link
     * #drain}. Over TCP this listener accepts no more clients, unless the restart fails.
     *
     * @param epoch a number that the caller raises with each restart
     * @return completes when every client has done so; fails with a {@link io.shmipc.HotRestartException} after 2 s, or
     *     when this listener is closed before
     * @throws io.shmipc.HotRestartException with {@link Reason#HOT_RESTART_IN_PROGRESS} while another one is under way,
     *     or with {@link Reason#IN_HANDSHAKE_STAGE} while a client is in its handshake
     * @throws IllegalStateException if the listener is not running
     */
    public CompletionStage<Void> hotRestart(long epoch) {
        Acceptor current = running();
        return current.hotRestart(epoch);
    }

    /** Returns whether no hot restart is under way. */
    public boolean isHotRestartDone() {
        return !running().isHotRestartUnderWay();
    }

    /**
     * Waits until the clients have closed all their streams, for instance after a hot restart.
     *
     * @return whether no stream is left
     * @throws IllegalStateException on the event loop, which hears from the clients
     */
    public boolean drain(Duration timeout) throws InterruptedException {
        requireOtherThread("Listener.drain");
        long begunNanos = System.nanoTime();
        long timeoutNanos = Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
        while (sessions().stream().anyMatch(session -> session.activeStreamCount() > 0)) {
            if (System.nanoTime() - begunNanos >= timeoutNanos) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(DRAIN_CHECK_MILLIS);
        }
        return true;
    }

    private synchronized void requireOtherThread(String call) {
        EventLoop current = loop;
        if (current != null) {
            current.requireOtherThread(call);
        }
    }

    private synchronized Acceptor running() {
        Acceptor current = acceptor;
        if (state != State.RUNNING || current == null) {
            throw new IllegalStateException("The listener on " + address + " is not running: start it first.");
        }
        return current;
    }

    /** Returns what this listener was made with. */
    public ListenerConfig config() {
        return config;
    }

    /**
     * Stops accepting, closes all sessions, and removes the socket file if it is still this listener's.
     *
     * <p>Waits up to 2 s for the sessions to end, except on the event loop, where they end when the caller returns.
     */
    @Override
    public void close() {
        Acceptor current;
        EventLoop eventLoop;
        boolean unlink;
        synchronized (this) {
            State before = state;
            state = State.CLOSED;
            current = acceptor;
            eventLoop = loop;
            unlink = unlinkOnClose;
            if (before != State.RUNNING || current == null || eventLoop == null) {
                return;
            }
        }
        CountDownLatch stopped = new CountDownLatch(1);
        eventLoop.execute(() -> {
            current.stop(unlink);
            stopped.countDown();
        });
        if (!eventLoop.isCurrentThread()) {
            awaitEnd(stopped, current);
        }
        EventLoop.release();
        callback.onShutdown("the listener on " + address() + " was closed");
    }

    private static void awaitEnd(CountDownLatch stopped, Acceptor acceptor) {
        long deadlineNanos = System.nanoTime() + CLOSE_TIMEOUT_NANOS;
        try {
            if (stopped.await(CLOSE_TIMEOUT_NANOS, TimeUnit.NANOSECONDS)) {
                SessionEnds.await(acceptor.sessions(), deadlineNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
