package io.shmipc.session;

import io.shmipc.BackPressure;
import io.shmipc.BackPressureException;
import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.StreamClosedException;
import io.shmipc.channel.Connection;
import io.shmipc.channel.MessageType;
import io.shmipc.shm.ChainWriter;
import io.shmipc.shm.CorruptMemoryException;
import io.shmipc.shm.Region;
import io.shmipc.shm.SendQueue;
import io.shmipc.shm.SendQueue.Outcome;
import io.shmipc.shm.Slice;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends what streams flush: on the queue when it lies in the region, through the connection when it does not.
 *
 * <p><b>Threads:</b> any; the queue and the connection have their own locks.
 */
final class StreamSender {

    private static final long RETRY_NANOS = Duration.ofMillis(1).toNanos();
    private static final int NO_CHAIN = 0;

    /** Longest fallback message; what is longer travels in parts, so that no peer has to hold it as a whole. */
    static final int MAX_FALLBACK_BYTES = 64 << 20;

    private final ShmipcSession session;
    private final Connection connection;
    private final ControlSender control;
    private final SendQueue queue;
    private final long backPressureNanos;
    private volatile boolean wokePeer;

    StreamSender(
            ShmipcSession session,
            Connection connection,
            ControlSender control,
            SendQueue queue,
            Duration backPressureTimeout) {
        this.backPressureNanos = backPressureTimeout.toNanos();
        this.session = session;
        this.connection = connection;
        this.control = control;
        this.queue = queue;
    }

    /** Returns whether the peer was asleep when an element was put last, of any thread; a close counts as one. */
    boolean wokePeer() {
        return wokePeer;
    }

    /**
     * Publishes the writer's chain; it is the peer's afterwards, or recycled if it could not be put on the queue. The
     * writer forgets it first: whoever closes the stream meanwhile must not recycle what is on its way.
     */
    void sendChain(ShmipcStream stream, ChainWriter writer) {
        Slice chain = writer.chain();
        if (chain == null) {
            return;
        }
        int bytes = writer.length();
        writer.forget();
        int offset = chain.headerOffset();
        Region.handOver(chain);
        Outcome outcome = queue.put(stream.idBits(), offset, StreamState.OPEN, bytes);
        if (outcome != Outcome.PUT) {
            RuntimeException failure = retry(stream, offset, bytes, outcome);
            if (failure != null) {
                Region.takeBack(chain);
                session.region().recycle(chain);
                throw failure;
            }
        }
        wakePeer();
        session.sentShared();
    }

    private @Nullable RuntimeException retry(ShmipcStream stream, int offset, int bytes, Outcome first) {
        Outcome outcome = first;
        long begunNanos = System.nanoTime();
        if (first == Outcome.FULL) {
            session.counters().queueFullErrors.increment();
        }
        while (outcome == Outcome.FULL) {
            RuntimeException refusal = refusal(stream, begunNanos);
            if (refusal == null) {
                refusal = tryToWakePeer();
            }
            if (refusal != null) {
                return refusal;
            }
            LockSupport.parkNanos(RETRY_NANOS);
            outcome = queue.put(stream.idBits(), offset, StreamState.OPEN, bytes);
        }
        return outcome == Outcome.PUT ? null : corrupt();
    }

    /** Returns why a flush that meets a full queue waits no longer, or null if it does. */
    private @Nullable RuntimeException refusal(ShmipcStream stream, long begunNanos) {
        if (session.isClosed()) {
            return session.closedException();
        }
        if (stream.isClosed()) {
            return new StreamClosedException(Reason.STREAM_CLOSED, "Stream " + stream.id() + " was closed meanwhile.");
        }
        if (Thread.currentThread().isInterrupted()) {
            return new ShmipcException(
                    Reason.INTERRUPTED, "The thread was interrupted while it waited for room in the queue.");
        }
        BackPressure backPressure = stream.writes().backPressure();
        if (backPressure == BackPressure.FAIL) {
            return queueFull("at all, as back-pressure " + backPressure + " demands");
        }
        long now = System.nanoTime();
        long deadlineNanos = stream.deadlines().writeNanos();
        if (deadlineNanos != Deadlines.NONE) {
            return now - deadlineNanos >= 0 ? deadlinePassed(stream) : null;
        }
        if (backPressure == BackPressure.TIMEOUT && now - begunNanos >= backPressureNanos) {
            return queueFull("longer than backPressureTimeout, " + Duration.ofNanos(backPressureNanos));
        }
        return null;
    }

    private BackPressureException queueFull(String waited) {
        return new BackPressureException(
                Reason.QUEUE_FULL,
                "The peer has not drained its queue of " + queue.capacity() + " elements, and this flush does not wait "
                        + waited + ". Slow down, set a write deadline, or raise queueCapacity.");
    }

    private static ShmipcTimeoutException deadlinePassed(ShmipcStream stream) {
        return new ShmipcTimeoutException(
                Reason.TIMEOUT, "The queue stayed full until the write deadline of stream " + stream.id() + ".");
    }

    private RuntimeException corrupt() {
        return session.fail(new CorruptMemoryException("the peer's head of the send queue makes no sense"));
    }

    /** Sends the writer's chain through the connection and recycles it. */
    void sendFallback(ShmipcStream stream, ChainWriter writer) {
        Slice chain = writer.chain();
        int left = writer.length();
        if (writer.wasRefused()) {
            session.ranOut(left);
        }
        writer.forget();
        session.counters().fallbackWrites.increment();
        session.counters().fallbackBytes.add(left);
        ChainBytes bytes = new ChainBytes(chain);
        try {
            while (left > 0) {
                int part = Math.min(left, MAX_FALLBACK_BYTES);
                connection.sendFallback(stream.idBits(), StreamState.OPEN, part, bytes::fill);
                left -= part;
            }
        } catch (ShmipcException e) {
            throw session.sendFailed(e);
        } finally {
            session.region().recycle(chain);
        }
    }

    /** Tells the peer that the stream sends nothing more: an element of state half-closed with an empty slice. */
    void endStream(ShmipcStream stream) {
        Slice empty = stream.writes().hasFallenBack() ? null : session.region().allocate(1);
        if (empty != null) {
            int offset = empty.headerOffset();
            Region.handOver(empty);
            if (queue.put(stream.idBits(), offset, StreamState.HALF_CLOSED, 0) == Outcome.PUT) {
                wakePeer();
                return;
            }
            Region.takeBack(empty);
            session.region().recycle(empty);
        }
        long payload = Integer.toUnsignedLong(stream.idBits()) << Integer.SIZE | StreamState.HALF_CLOSED;
        ShmipcException failure = control.post(MessageType.FALLBACK_DATA, payload);
        if (failure != null) {
            throw failure;
        }
    }

    /** Tells the peer that the stream is closed, behind everything that was sent on it. */
    void close(ShmipcStream stream) {
        if (stream.writes().hasFallenBack()) {
            control.post(MessageType.STREAM_CLOSE, stream.idBits());
        } else {
            close(stream.idBits());
        }
    }

    /** Tells the peer that a stream is closed, which may be one that it opened and this side never made. */
    void close(int streamId) {
        if (queue.put(streamId, NO_CHAIN, StreamState.CLOSED, 0) == Outcome.PUT) {
            tryToWakePeer();
        } else {
            control.post(MessageType.STREAM_CLOSE, streamId);
        }
    }

    private void wakePeer() {
        ShmipcException failure = tryToWakePeer();
        if (failure != null) {
            throw failure;
        }
    }

    /** Wakes the peer if it sleeps; returns what to throw if that cannot be done. */
    private @Nullable ShmipcException tryToWakePeer() {
        boolean asleep = queue.mustWake();
        if (asleep != wokePeer) {
            wokePeer = asleep;
        }
        if (asleep) {
            session.counters().sentSyncEvents.increment();
            return control.post(MessageType.POLLING);
        }
        return null;
    }

    /** Hands out the bytes of a chain, one after the other. */
    private static final class ChainBytes {
        private @Nullable Slice slice;

        ChainBytes(@Nullable Slice chain) {
            this.slice = chain;
        }

        void fill(ByteBuffer target) {
            Slice from = slice;
            while (from != null && target.hasRemaining()) {
                int bytes = Math.min(target.remaining(), from.unread());
                target.put(target.position(), from.memory(), from.readPosition(), bytes);
                target.position(target.position() + bytes);
                from.skip(bytes);
                if (from.unread() == 0) {
                    from = from.next();
                }
            }
            slice = from;
        }
    }
}
