package io.shmipc.session;

import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.shm.CorruptMemoryException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the callbacks of one stream, one after the other.
 *
 * <pre>
 * announced ──► onData … onData ──► onRemoteClose, when everything that arrived was offered
 *                            └────► onLocalClose
 * </pre>
 *
 * <p>An {@code onData} that holds the callbacks has not ended when it returns, but when it is resumed and returns again.
 *
 * <p><b>Threads:</b> any thread signals; the executor runs it once at a time.
 */
final class CallbackRunner implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(CallbackRunner.class);

    private static final int NONE = -1;

    private final ShmipcStream stream;
    private final Executor executor;
    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicBoolean resumed = new AtomicBoolean();
    private volatile @Nullable Consumer<Stream> announcement;
    private volatile @Nullable StreamCallbacks callbacks;
    private volatile boolean closing;
    private long refusedAt = NONE;
    private boolean holding;
    private boolean ended;

    CallbackRunner(ShmipcStream stream, Executor executor, @Nullable Consumer<Stream> announcement) {
        this.stream = stream;
        this.executor = executor;
        this.announcement = announcement;
    }

    @Nullable
    StreamCallbacks callbacks() {
        return callbacks;
    }

    /** Returns whether anything would be called; if not, the stream's events are for a thread that reads. */
    boolean isWanted() {
        return callbacks != null || announcement != null;
    }

    /** Returns whether the executor runs this or has been asked to. */
    boolean isUnderWay() {
        return signals.get() > 0;
    }

    /** Says that something happened on the stream; returns false if the executor does not take that. */
    boolean signal() {
        if (signals.getAndIncrement() > 0) {
            return true;
        }
        try {
            executor.execute(this);
            return true;
        } catch (Throwable e) {
            // It is shut down, or no thread can be started any more; the thread here has other streams to serve.
            LOG.warn("stream {} is closed: its callback executor takes no tasks", stream.id(), e);
            signals.set(0);
            stream.close();
            stream.reclamation().soon();
            return false;
        }
    }

    /** Sets the callbacks and offers them what has arrived already. */
    void start(StreamCallbacks value) {
        callbacks = value;
        signal();
    }

    /** Closes the stream behind what is still to be called: its announcement, if that sets no callbacks, or the last one. */
    void closeAtTheEnd() {
        closing = true;
        signal();
    }

    /** Keeps back what the callbacks would be told next; by {@code onData} itself. */
    void hold() {
        holding = true;
    }

    /** Lets the callback that held go on; any thread. Returns whether the executor takes it. */
    boolean resume() {
        resumed.set(true);
        return signal();
    }

    /** Takes the callbacks off an idle stream, before it goes back into a pool. */
    void reset() {
        callbacks = null;
        refusedAt = NONE;
        holding = false;
        resumed.set(false);
    }

    @Override
    public void run() {
        int handled = signals.get();
        do {
            try {
                step();
            } catch (Throwable e) { // other languages throw checked exceptions, too
                LOG.error(
                        "a callback of stream {} of session {} failed; the stream is closed",
                        stream.id(),
                        stream.session().id(),
                        e);
                failed(e);
                finishAfterFailure();
            }
            handled = signals.addAndGet(-handled);
        } while (handled != 0);
    }

    private void step() {
        Consumer<Stream> announce = announcement;
        if (announce != null) {
            announcement = null;
            announce.accept(stream);
        }
        StreamCallbacks target = callbacks;
        if (target != null && !ended && (!holding || resumed.compareAndSet(true, false))) {
            offerData(target);
        }
        if ((ended && stream.isAbandoned()) || (target == null && closing)) {
            stream.close();
        }
        finish();
    }

    /** Offers data as long as some is new or the callback reads some. */
    private void offerData(StreamCallbacks target) {
        ReadSide reads = stream.reads();
        boolean remoteEnded = stream.remoteEnded();
        boolean resuming = holding;
        holding = false;
        int unread = resuming ? 0 : reads.collected();
        while (!stream.isClosed() && (resuming || (unread > 0 && reads.arrivedBytes() != refusedAt))) {
            long before = resuming ? NONE : reads.readBytes();
            resuming = false;
            target.onData(stream.bufferReader());
            if (callbacks != target || holding) {
                // It put the stream back into its pool, and somebody else may be using it by now; or goes on later.
                return;
            }
            if (!stream.isClosed()) {
                reads.reader().releasePreviousRead();
            }
            refusedAt = reads.readBytes() == before ? reads.arrivedBytes() : NONE;
            remoteEnded = stream.remoteEnded();
            unread = stream.isClosed() ? 0 : reads.collected();
        }
        if (remoteEnded && !stream.isClosed()) {
            ended = true;
            target.onRemoteClose();
        }
    }

    /** Closes the stream; what a callback met in shared memory concerns the whole session. */
    private void failed(Throwable cause) {
        ShmipcSession session = (ShmipcSession) stream.session();
        if (cause instanceof CorruptMemoryException || cause instanceof InternalError) {
            session.broken(cause);
        }
        stream.close();
    }

    private void finishAfterFailure() {
        try {
            finish();
        } catch (Throwable e) {
            LOG.error("onLocalClose of stream {} failed as well", stream.id(), e);
        }
    }

    private void finish() {
        if (!stream.isClosed()) {
            return;
        }
        StreamCallbacks target = callbacks;
        if (target == null) {
            // Whoever it was announced to may have handed it to a thread that reads.
            stream.reclamation().afterClose();
        } else {
            stream.reclamation().afterCallback();
        }
        if (target != null && !ended) {
            ended = true;
            target.onLocalClose();
        }
    }
}
