package io.shmipc.spring.boot.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Gives stream callbacks the threads that the application chose; a pool is made when it is first asked for.
 *
 * <p>It is no {@link Executor} bean itself: one of those would make Spring Boot leave out its own.
 */
public final class CallbackExecutors implements AutoCloseable {

    private static final String THREAD_NAME_PREFIX = "shmipc-callback-";
    private static final long IDLE_SECONDS = 60;

    private final boolean virtualThreads;
    private @Nullable Executor threads;

    /**
     * @param virtualThreads whether callbacks run on virtual threads rather than on pooled ones
     */
    public CallbackExecutors(boolean virtualThreads) {
        this.virtualThreads = virtualThreads;
    }

    /** Returns the executor for the given choice. */
    public Executor forExecution(CallbackExecution execution) {
        return switch (execution) {
            case INLINE -> Runnable::run;
            case EXECUTOR -> threads();
        };
    }

    private synchronized Executor threads() {
        Executor present = threads;
        if (present == null) {
            present = virtualThreads ? virtualThreads() : pooledThreads();
            threads = present;
        }
        return present;
    }

    /** Lets the threads go. The pool is not shut down: a session that ends a moment later still tells its streams. */
    @Override
    public synchronized void close() {
        if (threads instanceof ThreadPoolExecutor pool) {
            pool.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
        }
    }

    private static Executor virtualThreads() {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(THREAD_NAME_PREFIX);
        executor.setVirtualThreads(true);
        return executor;
    }

    /** Makes as many threads as streams are served at once; a limit would let one slow handler delay other streams. */
    private static Executor pooledThreads() {
        CustomizableThreadFactory factory = new CustomizableThreadFactory(THREAD_NAME_PREFIX);
        factory.setDaemon(true);
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }
}
