package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the tests of a class once for each {@link Variant}. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.shmipc.session.Variant#all")
@Timeout(60)
abstract class OverEveryVariant {

    @Parameter
    Variant variant;

    final ExecutorService threads = Executors.newCachedThreadPool();
    private Duo duo;

    /** Opens the duo of this test. */
    final Duo open(Duo.Builder builder) {
        duo = builder.open();
        return duo;
    }

    /** Opens a duo of this test that is as usual but for its variant. */
    final Duo open() {
        return open(Duo.of(variant));
    }

    /** Runs something on another thread. */
    final <T> Future<T> async(Callable<T> work) {
        return threads.submit(work);
    }

    /** Runs something on a thread whose interruption the test wants. */
    static CompletableFuture<Throwable> failureOn(Thread[] thread, Runnable work) {
        return failureOn(thread, 0, work);
    }

    /** Runs something on a thread that the test wants to know. */
    static CompletableFuture<Throwable> failureOn(Thread[] threads, int index, Runnable work) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        threads[index] = new Thread(() -> {
            try {
                work.run();
                failure.complete(new AssertionError("it did not fail"));
            } catch (RuntimeException e) {
                failure.complete(e);
            }
        });
        threads[index].start();
        return failure;
    }

    /** Checks that something is refused, and why. */
    static void assertRefused(Reason reason, ThrowingCallable work) {
        ShmipcException refusal = catchThrowableOfType(ShmipcException.class, work);
        assertThat(refusal).isNotNull();
        assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
    }

    /** Waits until all slices of a session's region are free. */
    static void awaitNothingInUse(Session session) {
        await().untilAsserted(() -> assertThat(session.metrics().shareMemory().allInUsedShareMemoryInBytes())
                .isZero());
    }

    @AfterEach
    void leavesNothingBehind() {
        threads.shutdownNow();
        if (duo != null) {
            duo.close();
            await().untilAsserted(() -> assertThat(duo.files()).isEmpty());
        }
    }
}
