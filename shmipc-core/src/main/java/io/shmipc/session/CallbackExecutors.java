package io.shmipc.session;

import io.shmipc.ShmipcConfig;
import io.shmipc.channel.DaemonThread;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses what runs callbacks; the default is virtual threads where the JDK has them, else a pool of daemon threads.
 */
public final class CallbackExecutors {

    private CallbackExecutors() {}

    /** Returns the configured executor, or the process's, whose threads end by themselves when nothing is to do. */
    public static Executor of(ShmipcConfig config) {
        Executor configured = config.callbackExecutor();
        return configured == null ? Holder.EXECUTOR : configured;
    }

    private static final class Holder {
        private static final Executor EXECUTOR = create();

        private static Executor create() {
            try {
                // Java 17 compiles this; the method exists from Java 21 on.
                return (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
            } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
                AtomicInteger number = new AtomicInteger();
                return Executors.newCachedThreadPool(
                        task -> new DaemonThread(task, "shmipc-callback-" + number.incrementAndGet()));
            }
        }
    }
}
