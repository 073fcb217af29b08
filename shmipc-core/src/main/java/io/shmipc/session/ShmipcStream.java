package io.shmipc.session;

import io.shmipc.BackPressure;
import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import io.shmipc.shm.ChainReader;
import io.shmipc.shm.ChainWriter;
import io.shmipc.shm.CorruptMemoryException;
import io.shmipc.shm.Slice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream over the queue and region of its session.
 *
 * <pre>
 * consumer of the queue ── deliver ──► inbox (a stack of chains) ── collect ──► ChainReader ──► user
 * user ──► ChainWriter ── flush ──► send queue, or the connection once a chain did not fit into memory
 * </pre>
 *
 * <p><b>Threads:</b> one reads, one writes, any closes, whoever drains the queue delivers.
 */
public final class ShmipcStream implements Stream, ChainReader.Source {

    private static final Logger LOG = LoggerFactory.getLogger(ShmipcStream.class);

    static final long NO_DEADLINE = 0;

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
    private final ChainReader reader;
    private final ChainWriter writer;
    private final CallbackRunner runner;
    private final Inbox inbox = new Inbox();
    private final AtomicBoolean reclaimed = new AtomicBoolean();

    /** Whether the reading thread itself has added a chain since it last collected. */
    private boolean arrived;

    private volatile int state = StreamState.OPEN;
    private volatile boolean writeEnded;
    private volatile boolean peerClosed;
    private volatile boolean lostWithSession;
    private volatile boolean knownToPeer;
    private volatile boolean fellBack;
    private volatile @Nullable Thread parked;
    private volatile long readDeadlineNanos = NO_DEADLINE;
    private volatile long writeDeadlineNanos = NO_DEADLINE;
    private volatile BackPressure backPressure;
    private volatile @Nullable String overflow;

    ShmipcStream(ShmipcSession session, int id, boolean openedByPeer) {
        this.session = session;
        this.id = id;
        this.reader = new ChainReader(session.region(), this);
        this.writer = new ChainWriter(session.region(), session.counters().allocationFailures::increment, (int)
                session.config().writeBufferBytes());
        this.backPressure = session.config().backPressure();
        this.knownToPeer = openedByPeer;
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
        return reader;
    }

    @Override
    public BufferWriter bufferWriter() {
        return writer;
    }

    // ---------------------------------------------------------------- writing

    @Override
    public void flush(boolean endStream) {
        if (writer.length() > 0) {
            requireWritable();
            flushChain();
        }
        if (endStream && !writeEnded) {
            writeEnded = true;
            if (knownToPeer && !peerClosed && state != StreamState.CLOSED) {
                session.sender().endStream(this);
            }
        }
    }

    private void flushChain() {
        int bytes = writer.length();
        try {
            if (fellBack || !writer.isShared()) {
                fellBack = true;
                session.sender().sendFallback(this, writer);
            } else {
                session.sender().sendChain(this, writer);
            }
        } catch (InternalError fault) {
            throw session.memoryLost(fault);
        }
        if (!knownToPeer) {
            // A store that others must see costs as much as all the rest of a small message.
            knownToPeer = true;
        }
        session.counters().outFlowBytes.add(bytes);
        if (state == StreamState.CLOSED) {
            // Another thread closed the stream meanwhile, perhaps before the peer knew it: the peer must hear of it
            // last.
            session.sender().close(this);
        }
    }

    private void requireWritable() {
        if (state != StreamState.CLOSED && !peerClosed && !writeEnded) {
            return;
        }
        writer.recycle();
        throw session.isClosed()
                ? session.closedException()
                : new StreamClosedException(
                        Reason.STREAM_CLOSED,
                        "Stream " + id() + " sends nothing more: "
                                + (writeEnded ? "its end was flushed." : "it was closed here or by the peer."));
    }

    @Override
    public void setBackPressure(BackPressure value) {
        backPressure = Objects.requireNonNull(value, "backPressure");
    }

    BackPressure backPressure() {
        return backPressure;
    }

    /** Returns when a flush gives up, in terms of {@link System#nanoTime()}. */
    long writeDeadlineNanos() {
        return writeDeadlineNanos;
    }

    @Override
    public void releaseReadAndReuse() {
        Slice slice = reader.releaseKeepingLast();
        if (slice == null) {
            return;
        }
        if (writer.isVacant() && !fellBack) {
            writer.reuse(slice);
        } else {
            session.region().recycle(slice);
        }
    }

    @Override
    public int write(ByteBuffer source) throws ClosedChannelException {
        int bytes = source.remaining();
        try {
            writer.writeBytes(source);
            flush(false);
        } catch (StreamClosedException e) {
            throw closedChannel(e);
        }
        return bytes;
    }

    // ---------------------------------------------------------------- reading

    @Override
    public int read(ByteBuffer target) throws ClosedChannelException {
        if (!target.hasRemaining()) {
            return 0;
        }
        try {
            if (reader.length() == 0) {
                awaitLength(1);
            }
            return readHeld(target);
        } catch (StreamClosedException e) {
            if (e.reason() == Reason.END_OF_STREAM) {
                return -1;
            }
            throw closedChannel(e);
        }
    }

    private int readHeld(ByteBuffer target) {
        int bytes = Math.min(target.remaining(), reader.held());
        int limit = target.limit();
        target.limit(target.position() + bytes);
        reader.readBytes(target);
        target.limit(limit);
        reader.releasePreviousRead();
        return bytes;
    }

    private static ClosedChannelException closedChannel(StreamClosedException cause) {
        ClosedChannelException exception = new ClosedChannelException();
        exception.initCause(cause);
        return exception;
    }

    @Override
    public void collect() {
        arrived = false;
        inbox.moveTo(reader);
    }

    @Override
    public void awaitLength(int bytes) {
        reader.useBy(Thread.currentThread());
        while (true) {
            int seen = state;
            if (seen == StreamState.CLOSED) {
                reader.recycle();
                String cause = overflow;
                throw new StreamClosedException(
                        Reason.STREAM_CLOSED,
                        "Stream " + id() + " was closed on this side" + (cause == null ? "." : ": " + cause));
            }
            collect();
            if (reader.held() >= bytes) {
                return;
            }
            if (seen != StreamState.OPEN) {
                throw endException(bytes);
            }
            if (!session.consumer().await(this)) {
                throw new ShmipcTimeoutException(
                        Reason.TIMEOUT,
                        "Stream " + id() + " has " + reader.held() + " of the " + bytes
                                + " bytes asked for, and its read deadline has passed.");
            }
        }
    }

    private ShmipcException endException(int bytes) {
        if (lostWithSession) {
            return session.closedException();
        }
        return new StreamClosedException(
                Reason.END_OF_STREAM,
                "The peer has ended stream " + id() + ": " + reader.held() + " bytes are left, " + bytes
                        + " were asked for.");
    }

    /** Returns whether the reader has something to take note of: data, or the end. */
    boolean hasNews() {
        return arrived || !inbox.isEmpty() || state != StreamState.OPEN;
    }

    /** Returns when a read gives up, in terms of {@link System#nanoTime()}. */
    long readDeadlineNanos() {
        return readDeadlineNanos;
    }

    /** Returns whether the read deadline has passed. */
    boolean isReadOverdue() {
        long deadlineNanos = readDeadlineNanos;
        return deadlineNanos != NO_DEADLINE && System.nanoTime() - deadlineNanos >= 0;
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
     * Adds a chain that arrived; by the consumer. If that is the very thread that waits for this stream, the chain needs
     * no way between threads.
     *
     * @param last whether the peer sends nothing more: a callback that runs on this very thread must know
     */
    void deliver(Slice chain, boolean last) {
        if (session.consumer().isLookingFor(this) && inbox.isEmpty()) {
            reader.append(chain);
            arrived = true;
            if (last) {
                endByPeer(false);
            }
            return;
        }
        inbox.put(chain);
        if (state == StreamState.CLOSED) {
            inbox.recycle(session.region());
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
            lostWithSession = true;
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

    /** Says that data of this stream came through the connection; from now on both directions use it. */
    void fallBack() {
        fellBack = true;
    }

    boolean hasFallenBack() {
        return fellBack;
    }

    /** Closes the stream, whose unread data takes too much memory; by the consumer, which must not wait for the socket. */
    void overflow(String cause) {
        overflow = cause;
        LOG.warn("{} is closed: {}", this, cause);
        session.callbackExecutor().execute(this::close);
    }

    /** Returns whether data of this stream was dropped, so that no more may be delivered. */
    boolean hasOverflowed() {
        return overflow != null;
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

    /** Takes over what has arrived; returns how many bytes are unread. */
    int collected() {
        collect();
        return reader.held();
    }

    /** Returns how many bytes were ever taken over. */
    long arrivedBytes() {
        return reader.arrivedBytes();
    }

    /** Returns how many of them were read. */
    long readBytes() {
        return reader.arrivedBytes() - reader.held();
    }

    /** Releases what a callback has read. */
    void releaseAfterCallback() {
        if (!isClosed()) {
            reader.releasePreviousRead();
        }
    }

    // ---------------------------------------------------------------- deadlines, end, reuse

    @Override
    public void setReadDeadline(@Nullable Instant deadline) {
        readDeadlineNanos = toNanoTime(deadline);
        VarHandle.fullFence();
        Thread waiting = parked;
        if (waiting != null) {
            LockSupport.unpark(waiting);
            session.consumer().wakeSleeper();
        }
    }

    @Override
    public void setWriteDeadline(@Nullable Instant deadline) {
        writeDeadlineNanos = toNanoTime(deadline);
    }

    private static long toNanoTime(@Nullable Instant deadline) {
        if (deadline == null) {
            return NO_DEADLINE;
        }
        long left;
        try {
            left = Duration.between(Instant.now(), deadline).toNanos();
        } catch (ArithmeticException e) {
            return deadline.isAfter(Instant.now()) ? NO_DEADLINE : System.nanoTime();
        }
        long nanos = System.nanoTime() + left;
        return nanos == NO_DEADLINE ? nanos + 1 : nanos;
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
        reader.close(overflow);
        writer.close();
        session.removed(this);
        if (knownToPeer && !peerClosed && !session.isClosed()) {
            session.sender().close(this);
        }
        news();
        if (!runner.isWanted()) {
            Thread self = Thread.currentThread();
            if (reader.isUsedOnlyBy(self) && writer.isUsedOnlyBy(self)) {
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
                reader.recycle();
                writer.recycle();
            }
            inbox.recycle(session.region());
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

    /**
     * Makes an idle stream ready for its next user.
     *
     * @return false if it cannot be used again: closed, fallen back, or with unread data
     */
    public boolean reset() {
        if (state != StreamState.OPEN || writeEnded || fellBack || writer.length() > 0 || collected() > 0) {
            return false;
        }
        releaseReadAndReuse();
        runner.reset();
        readDeadlineNanos = NO_DEADLINE;
        writeDeadlineNanos = NO_DEADLINE;
        backPressure = session.config().backPressure();
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
