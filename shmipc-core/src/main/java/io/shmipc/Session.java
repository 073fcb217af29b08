package io.shmipc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * One connection with a peer process: a pair of queues, a region of shared memory, and the streams over them.
 *
 * <p><b>Threads:</b> any.
 */
public interface Session extends AutoCloseable {

    /** Returns a text that identifies the session within this process. */
    String id();

    /** Returns whether this side opened the connection, owns the memory and opens streams. */
    boolean isClient();

    /** Returns whether the session has ended. */
    boolean isClosed();

    /** Returns whether the session gives out streams: it is open and has not run out of shared memory recently. */
    boolean isHealthy();

    /**
     * Opens a stream; the peer learns of it with the first flush.
     *
     * @throws SessionClosedException if the session is gone
     * @throws BackPressureException with {@link Reason#SESSION_UNHEALTHY} or {@link Reason#STREAMS_EXHAUSTED}
     * @throws IllegalStateException on the server side: only clients open streams
     */
    Stream openStream();

    /**
     * Waits for the next stream that the peer opens, on the server side of a session without listen callbacks.
     *
     * @throws ShmipcTimeoutException if none came in time
     * @throws SessionClosedException if the session is gone
     */
    Stream acceptStream(Duration timeout);

    /** Returns the number of open streams. */
    int activeStreamCount();

    /**
     * Returns the number of open streams with a callback that runs, or that the callback executor was given and has not
     * begun yet; one that {@linkplain Stream#holdCallbacks() holds} does neither.
     */
    int activeCallbackCount();

    /**
     * Returns a snapshot of each open stream, by ascending id. Waits for nobody who reads or writes; streams with traffic
     * change while they are looked at.
     */
    List<StreamSnapshot> activeStreams();

    /** Returns a snapshot of the session's metrics. */
    SessionMetrics metrics();

    /** Returns a number that stands for the region within this process: sessions that share a region return the same. */
    long regionId();

    /**
     * Returns this end's address. The client's end of a unix socket has no path; its address says so, and names the
     * process: {@code unix:(unnamed, pid 4711)}.
     */
    ShmipcAddress localAddress();

    /** Returns the peer's address; see {@link #localAddress()} for a client's at a unix socket. */
    ShmipcAddress remoteAddress();

    /**
     * Completes with the reason when the session has ended; what depends on it must not block, use its async methods.
     */
    CompletionStage<String> closeFuture();

    /**
     * Closes all streams and the connection, and gives the shared memory back: spans of the streams read zeros from then
     * on. Closing twice does nothing.
     */
    @Override
    void close();
}
