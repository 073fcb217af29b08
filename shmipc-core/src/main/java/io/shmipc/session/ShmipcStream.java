package io.shmipc.session;

import io.shmipc.BackPressure;
import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import io.shmipc.shm.ChainWriter;
import io.shmipc.shm.CorruptMemoryException;
import io.shmipc.shm.Slice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream over the queue and region of its session: a side that reads, one that writes, and what both have in common.
 *
 * <pre>
 *                 peer half-closes or closes
 *   OPEN ──────────────────────────────────────► HALF_CLOSED: what is unread stays readable
 *    │ close()                                      │ close()
 *    └──────────────────────► CLOSED ◄──────────────┘
 * </pre>
 *
 * <p><b>Threads:</b> one reads, one writes, any closes, whoever drains the queue delivers.
 */
public final class ShmipcStream implements Stream {

    private static final Logger LOG = LoggerFactory.getLogger(ShmipcStream.class);

    /** After this time no read or write that was under way when another thread closed the stream is still running. */
    private static final long QUIESCENCE_NANOS = 100_000_000;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(ShmipcStream.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ShmipcSession session;
    private final int id;
    private final ReadSide reads;
    private final WriteSide writes;
    private final CallbackRunner runner;
    private final Deadlines deadlines = new Deadlines();
    private final AtomicBoolean reclaimed = new AtomicBoolean();
    private volatile int state = StreamState.OPEN;
    private volatile boolean peerClosed;
    private volatile boolean pooled;
    private volatile @Nullable Thread parked;

    ShmipcStream(ShmipcSession session, int id, boolean openedByPeer) {
        this.session = session;
        this.id = id;
        this.reads = new ReadSide(this, session);
        this.writes = new WriteSide(this, session, openedByPeer);
        this.runner = new CallbackRunner(
                this,
                session.callbackExecutor(),
                openedByPeer && session.listener().takesStreams() ? session.listener()::onNewStream : null);
    }

    @Override
    public long id() {
        return Integer.toUnsignedLong(id);
    }

    int idBits() {
        return id;
    }

    @Override
    public Session session() {
        return session;
    }

    /** Returns who made the stream's session. */
    public SessionListener owner() {
        return session.listener();
    }

    @Override
    public BufferReader bufferReader() {
        return reads.reader();
    }

    @Override
    public BufferWriter bufferWriter() {
        return writes.writer();
    }

    @Override
    public void flush(boolean endStream) {
        writes.flush(endStream);
    }

    @Override
    public void releaseReadAndReuse() {
        writes.reuse(reads.reader());
    }

    @Override
    public int read(ByteBuffer target) throws ClosedChannelException {
        try {
            return reads.read(target);
        } catch (StreamClosedException e) {
            throw closedChannel(e);
        }
    }

    @Override
    public int write(ByteBuffer source) throws ClosedChannelException {
        try {
            return writes.write(source);
        } catch (StreamClosedException e) {
            throw closedChannel(e);
        }
    }

    private static ClosedChannelException closedChannel(StreamClosedException cause) {
        ClosedChannelException exception = new ClosedChannelException();
        exception.initCause(cause);
        return exception;
    }

    // ---------------------------------------------------------------- parts, for the other classes of this room

    ReadSide reads() {
        return reads;
    }

    WriteSide writes() {
        return writes;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    int state() {
        return state;
    }

    // ---------------------------------------------------------------- what threads wait for

    /** Returns whether the reader has something to take note of: data, or the end. */
    boolean hasNews() {
        return reads.hasArrivals() || state != StreamState.OPEN;
    }

    /** Notes which thread parks or sleeps for news, or that none does. */
    void parked(@Nullable Thread thread) {
        parked = thread;
    }

    /** Wakes the thread that parks for news, to take over the consumer role. */
    void unpark() {
        LockSupport.unpark(parked);
    }

    // ---------------------------------------------------------------- what the consumer of the queue does

    /**
     * Adds a chain that arrived; by the consumer. If that is the very thread that waits for this stream, the chain
     * needs no way between threads.
     *
     * @param last whether the peer sends nothing more: a callback that runs on this very thread must know
     */
    void deliver(Slice chain, boolean last) {
        if (session.consumer().isLookingFor(this) && reads.isInboxEmpty()) {
            reads.append(chain);
            if (last) {
                endByPeer(false);
            }
            return;
        }
        reads.put(chain);
        if (state == StreamState.CLOSED) {
            reads.recycleInbox();
            return;
        }
        if (last) {
            STATE.compareAndSet(this, StreamState.OPEN, StreamState.HALF_CLOSED);
        }
        news();
    }

    /**
     * The peer sends nothing more; by the consumer, after everything the peer sent was delivered.
     *
     * @param closed whether it does not read any more either
     */
    void endByPeer(boolean closed) {
        boolean abandoned = closed && !peerClosed;
        peerClosed |= closed;
        if (STATE.compareAndSet(this, StreamState.OPEN, StreamState.HALF_CLOSED)) {
            news();
        } else if (abandoned && runner.isWanted()) {
            runner.signal();
        }
    }

    /** The session has ended, and with it this stream, unless the peer had ended it before. */
    void endWithSession() {
        if (state == StreamState.OPEN) {
            reads.loseWithSession();
        }
        endByPeer(true);
    }

    private void news() {
        Thread thread = parked;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
        if (state != StreamState.OPEN) {
            session.consumer().wakeSleeper();
        }
        if (runner.isWanted()) {
            runner.signal();
        }
    }

    /**
     * Closes the stream, whose unread data takes too much memory; by the consumer, which must not wait for the socket.
     */
    void overflow(String cause) {
        reads.overflow(cause);
        LOG.warn("{} is closed: {}", this, cause);
        try {
            session.callbackExecutor().execute(this::close);
        } catch (RejectedExecutionException e) {
            session.later(0, this::close);
        }
    }

    // ---------------------------------------------------------------- callbacks

    @Override
    public void setCallbacks(StreamCallbacks callbacks) {
        if (runner.callbacks() != null) {
            throw new ShmipcException(
                    Reason.STREAM_CALLBACKS_EXIST,
                    "Stream " + id() + " has callbacks already: they are set once, when the stream is new.");
        }
        session.usesCallbacks();
        runner.start(callbacks);
    }

    @Override
    public void holdCallbacks() {
        runner.hold();
    }

    @Override
    public boolean resumeCallbacks() {
        return runner.resume();
    }

    boolean remoteEnded() {
        return state == StreamState.HALF_CLOSED;
    }

    /** Returns whether the peer neither sends nor reads any more. */
    boolean isAbandoned() {
        return peerClosed;
    }

    boolean isClosed() {
        return state == StreamState.CLOSED;
    }

    // ---------------------------------------------------------------- deadlines, end, reuse

    @Override
    public void setReadDeadline(@Nullable Instant deadline) {
        deadlines.read(deadline);
        VarHandle.fullFence();
        Thread waiting = parked;
        if (waiting != null) {
            LockSupport.unpark(waiting);
            session.consumer().wakeSleeper();
        }
    }

    @Override
    public void setWriteDeadline(@Nullable Instant deadline) {
        deadlines.write(deadline);
    }

    @Override
    public void setBackPressure(BackPressure value) {
        writes.backPressure(Objects.requireNonNull(value, "backPressure"));
    }

    @Override
    public boolean isOpen() {
        return state == StreamState.OPEN;
    }

    @Override
    public void close() {
        int before = (int) STATE.getAndSet(this, StreamState.CLOSED);
        if (before == StreamState.CLOSED) {
            return;
        }
        reads.close();
        writes.writer().close();
        session.streams().remove(this);
        if (writes.isKnownToPeer() && !peerClosed && !session.isClosed()) {
            session.sender().close(this);
        }
        news();
        if (!runner.isWanted()) {
            Thread self = Thread.currentThread();
            if (reads.reader().isUsedOnlyBy(self) && writes.writer().isUsedOnlyBy(self)) {
                reclaim();
            } else {
                reclaimLater();
            }
        }
    }

    /** Closes the stream because a callback failed; what it met in shared memory concerns the whole session. */
    void failed(Throwable cause) {
        if (cause instanceof CorruptMemoryException corrupt) {
            session.fail(corrupt);
        } else if (cause instanceof InternalError fault) {
            session.memoryLost(fault);
        }
        close();
    }

    /** Gives back what the closed stream holds, as soon as no write can be under way; no callback is. */
    void reclaimAfterCallback() {
        ChainWriter writer = writes.writer();
        if (writer.isVacant() || writer.isUsedOnlyBy(Thread.currentThread())) {
            reclaim();
        } else {
            reclaimLater();
        }
    }

    /** Gives back what the closed stream holds, when neither a read nor a write can be under way any more. */
    void reclaimLater() {
        session.later(QUIESCENCE_NANOS, this::reclaim);
    }

    /** Gives back what the closed stream holds; the caller knows that neither a read nor a write is under way. */
    void reclaim() {
        boolean first = reclaimed.compareAndSet(false, true);
        try {
            if (first) {
                reads.reader().recycle();
                writes.writer().recycle();
            }
            reads.recycleInbox();
        } catch (ShmipcException e) {
            // The session has ended over it, and the slices go with their memory.
        } finally {
            if (first) {
                session.releaseMemory();
            }
        }
    }

    /** Closes an idle stream of a pool: nobody reads or writes it. */
    public void closeIdle() {
        close();
        reclaim();
    }

    /** Returns whether an idle stream can still be used: it is open, and nothing has arrived that nobody waits for. */
    public boolean isFresh() {
        return !hasNews();
    }

    /** Notes that the stream goes into a pool, or comes out; returns false if it was there, or out, already. */
    public boolean pooled(boolean value) {
        boolean changes = pooled != value;
        pooled = value;
        return changes;
    }

    /**
     * Makes an idle stream ready for its next user.
     *
     * @return false if it cannot be used again: closed, fallen back, or with unread data
     */
    public boolean reset() {
        if (state != StreamState.OPEN || !writes.isReusable() || reads.collected() > 0) {
            return false;
        }
        releaseReadAndReuse();
        runner.reset();
        deadlines.clear();
        writes.backPressure(session.config().backPressure());
        return true;
    }

    @Override
    public ShmipcAddress localAddress() {
        return session.localAddress();
    }

    @Override
    public ShmipcAddress remoteAddress() {
        return session.remoteAddress();
    }

    @Override
    public String toString() {
        return "stream " + id() + " of " + session;
    }
}
