package io.shmipc.session;

import io.shmipc.BackPressureException;
import io.shmipc.Reason;
import io.shmipc.Stream;
import io.shmipc.StreamSnapshot;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of a session: opened on this side or by the peer, found by their ids, ended in order.
 *
 * <p><b>Threads:</b> any opens, accepts, removes and looks; the holder of the consumer role finds and ends.
 */
final class SessionStreams {

    private static final Logger LOG = LoggerFactory.getLogger(SessionStreams.class);

    /** The first stream of a client has id 2, as peers count. */
    private static final int FIRST_STREAM_ID = 2;

    private static final long MAX_STREAM_ID = 0xffff_ffffL;

    private final ShmipcSession session;
    private final int maxStreams;
    private final StreamTable table = new StreamTable();
    private final AcceptQueue accepted = new AcceptQueue();
    /** Seen in this room, so that a test need not open four billion streams to reach the last id. */
    final AtomicLong nextStreamId = new AtomicLong(FIRST_STREAM_ID);

    private @Nullable ShmipcStream lastStream;

    /** Whether the last stream that the peer opened was refused: a flood of them is told once. */
    private boolean refusing;

    SessionStreams(ShmipcSession session, int maxStreams) {
        this.session = session;
        this.maxStreams = maxStreams;
    }

    Stream open() {
        long streamId = nextStreamId.getAndIncrement();
        if (streamId > MAX_STREAM_ID || table.size() >= maxStreams) {
            throw new BackPressureException(
                    Reason.STREAMS_EXHAUSTED,
                    session.id() + " has " + table.size()
                            + " open streams and opens no more. Close or put back streams.");
        }
        return create((int) streamId, false);
    }

    /** Returns whether every id was used, so that no stream can be opened any more. */
    boolean isExhausted() {
        return nextStreamId.get() > MAX_STREAM_ID;
    }

    private ShmipcStream create(int streamId, boolean openedByPeer) {
        session.retainMemory();
        ShmipcStream stream = new ShmipcStream(session, streamId, openedByPeer);
        if (!table.add(stream)) {
            stream.reclamation().now();
            throw session.closedException();
        }
        return stream;
    }

    Stream accept(Duration timeout) {
        return accepted.take(timeout, session);
    }

    /** Takes a stream out of the table; data that still arrives for it is recycled. */
    void remove(ShmipcStream stream) {
        table.remove(stream);
        if (!session.isClient()) {
            accepted.remove(stream);
        }
    }

    @Nullable
    ShmipcStream find(int streamId) {
        ShmipcStream last = lastStream;
        if (last != null && last.idBits() == streamId && !last.isClosed()) {
            return last;
        }
        ShmipcStream found = table.get(streamId);
        lastStream = found;
        return found;
    }

    /** Returns the stream of an element or of fallback data, new if the peer has just opened it, or null. */
    @Nullable
    ShmipcStream findOrAccept(int streamId, int state) {
        ShmipcStream stream = find(streamId);
        if (stream != null || session.isClient() || state != StreamState.OPEN || session.isClosed()) {
            return stream;
        }
        if (!table.markUsed(Integer.toUnsignedLong(streamId))) {
            return null;
        }
        if (table.size() >= maxStreams) {
            if (!refusing) {
                refusing = true;
                LOG.warn("{} has {} streams, its limit; further ones are refused", session.id(), maxStreams);
            }
            session.sender().close(streamId);
            return null;
        }
        refusing = false;
        ShmipcStream created = create(streamId, true);
        if (!session.listener().takesStreams() && !accepted.add(created)) {
            created.close();
            return null;
        }
        return created;
    }

    int size() {
        return table.size();
    }

    /** Returns how many streams have a callback that runs or is about to. */
    int activeCallbacks() {
        return (int) table.all().stream().filter(ShmipcStream::isCalling).count();
    }

    /** Returns how each stream stands, by ascending id. */
    List<StreamSnapshot> snapshots() {
        return table.all().stream()
                .map(ShmipcStream::snapshot)
                .sorted(Comparator.comparingLong(StreamSnapshot::id))
                .toList();
    }

    /** Returns whether there is a stream that neither side has closed. */
    boolean hasOpen() {
        return table.hasOpen();
    }

    /** Refuses new streams if there is none; returns whether it does. */
    boolean closeIfEmpty() {
        return table.closeIfEmpty();
    }

    /** Ends all streams with their session, and whoever waits for one; what was not accepted yet can still be. */
    void close(boolean here) {
        for (ShmipcStream stream : table.close()) {
            stream.endWithSession();
            if (here) {
                stream.closeWithSession();
            }
        }
        accepted.wakeAll();
    }

    /** Closes the streams that nobody has accepted, and those that still come. */
    void refuseUnaccepted() {
        accepted.refuse().forEach(ShmipcStream::close);
    }
}
