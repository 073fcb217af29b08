package io.shmipc.session;

import io.shmipc.ShmipcException;
import io.shmipc.channel.EventLoop;
import io.shmipc.shm.ChainReader;
import io.shmipc.shm.ChainWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what a closed stream holds: its slices, once no read or write touches them any more, and its use of the
 * memory.
 *
 * <pre>
 * closed by the only thread that used it ───────────────────────────► at once
 * closed by another ──► a pause ──► is a read or write under way? ──► when there is none
 *                          ▲                   │ yes
 *                          └───────────────────┘
 * </pre>
 *
 * <p>The pause alone proves nothing: a thread can stand still in the midst of a read for longer, stopped or without a
 * processor. It is there for the mark of whoever is at work to become visible.
 *
 * <p><b>Threads:</b> any; what is held is given back once.
 */
final class Reclamation {

    private static final Logger LOG = LoggerFactory.getLogger(Reclamation.class);

    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    /**
     * Pauses before a read or write that seems to go on is given up, a minute in all: an error that ended it left its
     * mark. Its slices are lost then, which harms nobody as much as two owners would.
     */
    private static final int MAX_PAUSES = 600;

    private final ShmipcStream stream;
    private final ShmipcSession session;
    private final ChainReader reader;
    private final ChainWriter writer;
    private final AtomicBoolean done = new AtomicBoolean();

    Reclamation(ShmipcStream stream, ShmipcSession session, ChainReader reader, ChainWriter writer) {
        this.stream = stream;
        this.session = session;
        this.reader = reader;
        this.writer = writer;
    }

    /** Begins when the stream was closed by the calling thread, and no callback is concerned. */
    void afterClose() {
        Thread self = Thread.currentThread();
        if (reader.isUsedOnlyBy(self) && writer.isUsedOnlyBy(self)) {
            now();
        } else {
            soon();
        }
    }

    /** Begins when the last callback of the closed stream is over. */
    void afterCallback() {
        boolean idle = writer.isVacant() && !writer.isOccupied();
        if (idle || writer.isUsedOnlyBy(Thread.currentThread())) {
            now();
        } else {
            soon();
        }
    }

    /** Gives everything back when neither a read nor a write is under way any more. */
    void soon() {
        EventLoop.later(PAUSE_NANOS, () -> attempt(1));
    }

    private void attempt(int pauses) {
        boolean busy = reader.isOccupied() || writer.isOccupied();
        if (!busy) {
            now();
        } else if (pauses < MAX_PAUSES && !done.get()) {
            EventLoop.later(PAUSE_NANOS, () -> attempt(pauses + 1));
        } else if (done.compareAndSet(false, true)) {
            LOG.warn("{} was closed in the midst of a read or write that never ended; its slices are lost", stream);
            stream.reads().recycleInbox();
            session.releaseMemory();
        }
    }

    /** Gives everything back; the caller knows that neither a read nor a write is under way. */
    void now() {
        boolean first = done.compareAndSet(false, true);
        try {
            if (first) {
                reader.recycle();
                writer.recycle();
            }
            stream.reads().recycleInbox();
        } catch (ShmipcException e) {
            // The session has ended over it, and the slices go with their memory.
        } finally {
            if (first) {
                session.releaseMemory();
            }
        }
    }
}
