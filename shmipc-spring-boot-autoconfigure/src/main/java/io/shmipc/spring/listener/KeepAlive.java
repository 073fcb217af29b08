package io.shmipc.spring.listener;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an application up that does nothing but listen, by a thread that is no daemon.
 *
 * <p><b>Threads:</b> any; waits for nobody.
 */
final class KeepAlive {

    private @Nullable CountDownLatch end;

    /** Keeps the application up from now on, if it does not yet. */
    synchronized void begin() {
        if (end != null) {
            return;
        }
        CountDownLatch latch = new CountDownLatch(1);
        Thread thread = new Thread(() -> await(latch), "shmipc-keep-alive");
        thread.setDaemon(false);
        thread.start();
        end = latch;
    }

    /** Lets the application end. */
    synchronized void end() {
        if (end != null) {
            end.countDown();
            end = null;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
