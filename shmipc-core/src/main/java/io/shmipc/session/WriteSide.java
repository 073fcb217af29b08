package io.shmipc.session;

import io.shmipc.BackPressure;
import io.shmipc.Reason;
import io.shmipc.StreamClosedException;
import io.shmipc.shm.ChainReader;
import io.shmipc.shm.ChainWriter;
import io.shmipc.shm.Slice;
import io.shmipc.sys.Mappings;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/**
 * What a stream sends.
 *
 * <pre>
 * user ──► ChainWriter ── flush ──► send queue, or the connection once a chain did not fit into memory
 * </pre>
 *
 * <p><b>Threads:</b> one writes and flushes; any asks, and says that the stream fell back.
 */
final class WriteSide {

    private final ShmipcStream stream;
    private final ShmipcSession session;
    private final ChainWriter writer;
    private volatile boolean ended;
    private volatile boolean knownToPeer;
    private volatile boolean fellBack;
    private volatile BackPressure backPressure;

    WriteSide(ShmipcStream stream, ShmipcSession session, boolean knownToPeer) {
        this.stream = stream;
        this.session = session;
        this.writer = new ChainWriter(session.region(), session.counters().allocationFailures::increment, (int)
                session.config().writeBufferBytes());
        this.knownToPeer = knownToPeer;
        this.backPressure = session.config().backPressure();
    }

    ChainWriter writer() {
        return writer;
    }

    void flush(boolean endStream) {
        try {
            send(endStream);
        } catch (InternalError fault) {
            throw session.memoryLost(fault);
        }
    }

    private void send(boolean endStream) {
        if (writer.length() > 0) {
            writer.enter();
            try {
                requireWritable();
                flushChain();
            } finally {
                writer.leave();
            }
        }
        if (endStream && !ended) {
            ended = true;
            if (knownToPeer && !stream.isAbandoned() && !stream.isClosed()) {
                session.sender().endStream(stream);
                Mappings.raiseFaults();
            }
        }
    }

    private void flushChain() {
        if (fellBack || !writer.isShared()) {
            fellBack = true;
            session.sender().sendFallback(stream, writer);
        } else {
            session.sender().sendChain(stream, writer);
        }
        if (!knownToPeer) {
            // A store that others must see costs as much as all the rest of a small message.
            knownToPeer = true;
        }
        if (stream.isClosed()) {
            // Another thread closed the stream meanwhile, perhaps before the peer knew it, which must hear of it last.
            session.sender().close(stream);
        }
    }

    private void requireWritable() {
        boolean closed = stream.isClosed();
        if (!closed && !stream.isAbandoned() && !ended) {
            return;
        }
        if (!closed) {
            writer.recycle();
        }
        throw session.isClosed()
                ? session.closedException()
                : new StreamClosedException(
                        Reason.STREAM_CLOSED,
                        "Stream " + stream.id() + " sends nothing more: "
                                + (ended ? "its end was flushed." : "it was closed here or by the peer."));
    }

    int write(ByteBuffer source) throws ClosedChannelException {
        int bytes = source.remaining();
        try {
            writer.writeBytes(source);
            flush(false);
        } catch (StreamClosedException e) {
            throw ReadSide.closedChannel(e);
        }
        return bytes;
    }

    /** Releases what was read, and keeps its last slice for the next write if that can use it. */
    void reuse(ChainReader reader) {
        Slice slice = reader.releaseKeepingLast();
        if (slice == null) {
            return;
        }
        if (fellBack || !writer.reuse(slice)) {
            session.region().recycle(slice);
        }
    }

    /** Returns whether the end of the output was flushed. */
    boolean hasEnded() {
        return ended;
    }

    /** Returns whether the peer has heard of the stream. */
    boolean isKnownToPeer() {
        return knownToPeer;
    }

    /** Says that data of this stream came through the connection; from now on both directions use it. */
    void fallBack() {
        fellBack = true;
    }

    boolean hasFallenBack() {
        return fellBack;
    }

    BackPressure backPressure() {
        return backPressure;
    }

    void backPressure(BackPressure value) {
        backPressure = value;
    }

    /** Returns whether an idle stream's next user could write as on a new one. */
    boolean isReusable() {
        return !ended && !fellBack && writer.length() == 0;
    }
}
