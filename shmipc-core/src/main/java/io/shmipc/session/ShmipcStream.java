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
import io.shmipc.StreamSnapshot;
import io.shmipc.channel.EventLoop;
import io.shmipc.shm.Slice;
import io.shmipc.sys.Mappings;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Instant;
import java.util.Objects;
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
    private final Reclamation reclamation;
    private volatile int state = StreamState.OPEN;
    private volatile boolean peerClosed;

    /** Whether the peer's close waits in the queue's order for what the socket still has; by the consumer. */
    private boolean ending;

    private final AtomicBoolean pooled = new AtomicBoolean();
    private volatile @Nullable Thread parked;

    ShmipcStream(ShmipcSession session, int id, boolean openedByPeer) {
        this.session = session;
        this.id = id;
        this.reads = new ReadSide(this, session);
        this.writes = new WriteSide(this, session, openedByPeer);
        this.reclamation = new Reclamation(this, session, reads.reader(), writes.writer());
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
        return reads.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws ClosedChannelException {
        return writes.write(source);
    }

    // ---------------------------------------------------------------- parts, for the other classes of this room

    ReadSide reads() {
        return reads;
    }

    WriteSide writes() {
        return writes;
    }

    Reclamation reclamation() {
        return reclamation;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    int state() {
        return state;
    }

    /** Returns whether a callback runs or is about to; any thread. */
    boolean isCalling() {
        return runner.isUnderWay();
    }

    /** Returns how the stream stands, as far as the calling thread can see; any thread. */
    StreamSnapshot snapshot() {
        return new StreamSnapshot(
                id(),
                reads.unreadBytes(),
                remoteEnded(),
                writes.hasEnded(),
                peerClosed,
                writes.hasFallenBack(),
                pooled.get());
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
        if (session.consumer().isLookingFor(this) && reads.isInboxEmpty() && state != StreamState.CLOSED) {
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
        if (closed) {
            peerClosed = true;
        }
        if (STATE.compareAndSet(this, StreamState.OPEN, StreamState.HALF_CLOSED)) {
            news();
        } else if (abandoned && runner.isWanted()) {
            runner.signal();
        }
    }

    /** Notes that the peer's close was met on the queue; returns false if it was before. */
    boolean beginToEnd() {
        boolean first = !ending;
        ending = true;
        return first;
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
        } catch (RuntimeException | Error e) {
            LOG.debug("{} is closed on the event loop: its callback executor takes no tasks", this, e);
            EventLoop.later(0, this::close);
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
        try {
            if (writes.isKnownToPeer() && !peerClosed && !session.isClosed()) {
                session.sender().close(this);
                Mappings.raiseFaults();
            }
        } catch (InternalError fault) {
            session.memoryLost(fault);
        } finally {
            news();
            if (!runner.isWanted()) {
                reclamation.afterClose();
            }
        }
    }

    /** Closes the stream of a session that is closed on this side; one with callbacks is closed behind the last of them. */
    void closeWithSession() {
        if (runner.isWanted()) {
            runner.closeAtTheEnd();
        } else {
            close();
        }
    }

    /** Closes an idle stream of a pool: nobody reads or writes it. */
    public void closeIdle() {
        close();
        reclamation.now();
    }

    /** Returns whether an idle stream can still be used: it is open, and nothing has arrived that nobody waits for. */
    public boolean isFresh() {
        return !hasNews();
    }

    /** Notes that the stream goes into a pool, or comes out; returns false if it was there, or out, already. */
    public boolean pooled(boolean value) {
        return pooled.compareAndSet(!value, value);
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
