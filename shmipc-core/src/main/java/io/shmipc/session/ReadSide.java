package io.shmipc.session;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.StreamClosedException;
import io.shmipc.shm.ChainReader;
import io.shmipc.shm.Slice;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * What a stream receives.
 *
 * <pre>
 * consumer of the queue ── put ──► inbox (a stack of chains) ── collect ──► ChainReader ──► user
 *                       └─ append, if it is the very thread that waits ────►
 * </pre>
 *
 * <p><b>Threads:</b> one reads, whoever drains the queue delivers, any asks what is unread.
 */
final class ReadSide implements ChainReader.Source {

    private final ShmipcStream stream;
    private final ShmipcSession session;
    private final ChainReader reader;
    private final Inbox inbox = new Inbox();

    /** Whether the reading thread itself has added a chain since it last collected. */
    private boolean arrived;

    private volatile boolean lostWithSession;
    private volatile @Nullable String overflow;

    ReadSide(ShmipcStream stream, ShmipcSession session) {
        this.stream = stream;
        this.session = session;
        this.reader = new ChainReader(session.region(), this);
    }

    ChainReader reader() {
        return reader;
    }

    /** Reads what is there, at least one byte; returns -1 at the end of the stream. */
    int read(ByteBuffer target) throws ClosedChannelException {
        if (!target.hasRemaining()) {
            return 0;
        }
        try {
            if (reader.length() == 0) {
                reader.awaitUnread(1);
            }
            int bytes = Math.min(target.remaining(), reader.held());
            int limit = target.limit();
            target.limit(target.position() + bytes);
            reader.readBytes(target);
            target.limit(limit);
            reader.releasePreviousRead();
            return bytes;
        } catch (StreamClosedException e) {
            if (e.reason() == Reason.END_OF_STREAM) {
                return -1;
            }
            throw closedChannel(e);
        }
    }

    /** Returns what a channel throws for it. */
    static ClosedChannelException closedChannel(StreamClosedException cause) {
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
        while (true) {
            int seen = stream.state();
            if (seen == StreamState.CLOSED) {
                throw closedException();
            }
            collect();
            if (reader.held() >= bytes) {
                return;
            }
            if (seen != StreamState.OPEN) {
                throw endException(bytes);
            }
            if (!session.consumer().await(stream)) {
                throw new ShmipcTimeoutException(
                        Reason.TIMEOUT,
                        "Stream " + stream.id() + " has " + reader.held() + " of the " + bytes
                                + " bytes asked for, and its read deadline has passed.");
            }
        }
    }

    @Override
    public ShmipcException closedException() {
        if (lostWithSession) {
            return session.closedException();
        }
        String cause = overflow;
        return new StreamClosedException(
                Reason.STREAM_CLOSED,
                "Stream " + stream.id() + " was closed on this side"
                        + (cause == null ? ". Open another one to read." : ": " + cause));
    }

    private ShmipcException endException(int bytes) {
        if (lostWithSession) {
            return session.closedException();
        }
        return new StreamClosedException(
                Reason.END_OF_STREAM,
                "The peer has ended stream " + stream.id() + ": " + reader.held() + " bytes are left, " + bytes
                        + " were asked for.");
    }

    /** Returns whether there is data that the reader has not taken note of. */
    boolean hasArrivals() {
        return arrived || !inbox.isEmpty();
    }

    /** Returns whether no chain waits in the inbox, which a chain that is appended would overtake. */
    boolean isInboxEmpty() {
        return inbox.isEmpty();
    }

    /** Adds a chain by the very thread that waits for it, which needs no way between threads. */
    void append(Slice chain) {
        reader.append(chain);
        arrived = true;
    }

    /** Adds a chain for another thread. */
    void put(Slice chain) {
        inbox.put(chain);
    }

    /** Takes over what has arrived; returns how many bytes are unread. */
    int collected() {
        collect();
        return reader.held();
    }

    /** Returns how many bytes are unread, taken over or not, as far as the calling thread can see; any thread. */
    long unreadBytes() {
        return inbox.bytes() + reader.held();
    }

    /** Returns how many bytes were ever taken over. */
    long arrivedBytes() {
        return reader.arrivedBytes();
    }

    /** Returns how many of them were read. */
    long readBytes() {
        return reader.arrivedBytes() - reader.held();
    }

    /** Gives back what nobody has taken over. */
    void recycleInbox() {
        inbox.recycle(session.region());
    }

    /** Says that the session's end, not the peer, ended the stream. */
    void loseWithSession() {
        lostWithSession = true;
    }

    /** Says that data was dropped, and why. */
    void overflow(String cause) {
        overflow = cause;
    }

    /** Returns whether data was dropped, so that no more may be delivered. */
    boolean hasOverflowed() {
        return overflow != null;
    }

    /** Makes every further read fail. */
    void close() {
        reader.close();
    }
}
