package io.shmipc.session;

import io.shmipc.MemoryType;
import io.shmipc.PerformanceMetrics;
import io.shmipc.SessionMetrics;
import io.shmipc.ShmipcConfig;
import io.shmipc.channel.Connection;
import io.shmipc.channel.DaemonThread;
import io.shmipc.channel.EventLoop;
import io.shmipc.sys.Mappings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a session: once, for the reason that came first.
 *
 * <pre>
 * begin ──► streams end, the connection is shut ──► linger ──► nobody drains any more ──► memory given back ──► told
 * any thread                                        event loop                           a thread of its own   event loop
 * </pre>
 *
 * <p><b>Threads:</b> any begins and asks, the event loop disposes.
 */
final class SessionEnd {

    private static final Logger LOG = LoggerFactory.getLogger(SessionEnd.class);

    private static final long DISPOSAL_RETRY_NANOS = Duration.ofMillis(1).toNanos();

    private final ShmipcSession session;
    private final ShmipcConfig config;
    private final Connection connection;
    private final SessionMemory memory;
    private final QueueConsumer consumer;
    private final EventLoop loop;
    private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
    private final CompletableFuture<String> future = new CompletableFuture<>();
    private boolean lingers;
    private long lingerUntilNanos;

    SessionEnd(
            ShmipcSession session,
            ShmipcConfig config,
            Connection connection,
            SessionMemory memory,
            QueueConsumer consumer,
            EventLoop loop) {
        this.session = session;
        this.config = config;
        this.connection = connection;
        this.memory = memory;
        this.consumer = consumer;
        this.loop = loop;
    }

    boolean hasBegun() {
        return reason.get() != null;
    }

    /** Returns why the session ended, or nothing if it did not. */
    String reason() {
        String known = reason.get();
        return known == null ? "" : known;
    }

    /** Completed with the reason when the descriptors are closed. */
    CompletableFuture<String> future() {
        return future;
    }

    /**
     * Ends the session, unless something did before.
     *
     * @param why may end with a full stop, which is left out: the reason is told within sentences
     * @param here whether this side closes it: then its streams are closed, too, and what it has flushed should still
     *     arrive; otherwise what they have received can still be read
     */
    void begin(String why, boolean here) {
        String told = why.endsWith(".") ? why.substring(0, why.length() - 1) : why;
        if (!reason.compareAndSet(null, told)) {
            return;
        }
        lingers = here && session.isClient() && config.memoryType() == MemoryType.FILE;
        lingerUntilNanos = System.nanoTime() + config.initializeTimeout().toNanos();
        try {
            session.streams().close(here);
        } finally {
            connection.shutdown();
            consumer.wakeSleeper();
            loop.execute(this::dispose);
        }
    }

    /** Closes the descriptors once nobody is draining any more. */
    private void dispose() {
        if (mustLinger()) {
            loop.schedule(DISPOSAL_RETRY_NANOS, this::dispose);
            return;
        }
        if (!consumer.retire()) {
            consumer.wakeSleeper();
            loop.schedule(DISPOSAL_RETRY_NANOS, this::dispose);
            return;
        }
        SessionMetrics last = session.metrics();
        consumer.sleep().close();
        connection.close();
        release(() -> loop.execute(() -> tell(last)));
    }

    /** Gives the memory back, of which a gigabyte takes tenths of a second: not on the event loop, if another thread can. */
    private void release(Runnable afterwards) {
        Runnable work = () -> {
            try {
                memory.releaseAll();
            } finally {
                afterwards.run();
            }
        };
        try {
            Releases.THREAD.execute(work);
        } catch (Throwable e) {
            LOG.debug("no thread gives the memory of {} back", session, e);
            work.run();
        }
    }

    private void tell(SessionMetrics last) {
        LOG.debug("{} has ended: {}", session, reason());
        future.complete(reason());
        try {
            MonitorSchedule.end(session, config, last);
            session.listener().onClosed(session, reason());
        } finally {
            EventLoop.release();
        }
    }

    /** The thread that gives memory back; it ends by itself when nothing is to do. */
    private static final class Releases {

        private static final ThreadPoolExecutor THREAD = create();

        private static ThreadPoolExecutor create() {
            ThreadPoolExecutor executor = new ThreadPoolExecutor(
                    1,
                    1,
                    1,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    task -> new DaemonThread(task, "shmipc-release"));
            executor.allowCoreThreadTimeOut(true);
            return executor;
        }
    }

    /**
     * Returns whether the files must stay for a moment. A handshake of version 2 has no reply: a server that has not
     * mapped them yet would find them gone, and what was flushed would be lost. One that has consumed or sent anything
     * has mapped them.
     */
    private boolean mustLinger() {
        if (!lingers || System.nanoTime() - lingerUntilNanos >= 0) {
            return false;
        }
        PerformanceMetrics traffic = session.metrics().performance();
        if (traffic.outFlowBytes() == 0 || traffic.inFlowBytes() > 0) {
            return false;
        }
        try {
            boolean consumed = memory.queues().send().isConsumed();
            Mappings.raiseFaults();
            return !consumed;
        } catch (InternalError fault) {
            LOG.debug("{} does not linger: its queue is gone", session, fault);
            return false;
        }
    }
}
