package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.Reason;
import io.shmipc.SessionClosedException;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import io.shmipc.interop.CallingClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls without end, numbered and checked, some that wait on their thread and some by callbacks, and what became of
 * them.
 *
 * <p>A call whose session is lost fails and is not repeated; a wrong reply ends the load.
 *
 * <p><b>Threads:</b> any.
 */
final class Load implements AutoCloseable {

    static final int REGION_BYTES = 4 << 20;

    /** What a handshake with a process may take that has just started, on a busy machine. */
    static final Duration HANDSHAKE = Duration.ofSeconds(20);

    private static final int THREADS = 4;
    private static final int[] SIZES = {100, 3000, 20_000};
    private static final int CALLS_PER_STREAM = 20;

    /** Between calls, so that load leaves some of the processors to the others. */
    private static final long PAUSE_NANOS = 100_000;

    /** Between attempts to get a stream while there is no session. */
    private static final long RETRY_NANOS = 500_000;

    private final CallingClient client;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicReference<Throwable> wrong = new AtomicReference<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /** The begin of the latest begun call that was answered, and when it was. */
    private volatile Answer latest = new Answer(Long.MIN_VALUE, 0);

    /** A time at which the peer was killed; a call that was under way then tells how late it learned of it. */
    private volatile long killedNanos;

    private final Latencies errors = new Latencies();

    private record Answer(long begunNanos, long answeredNanos) {}

    Load(CallingClient client) {
        this.client = client;
    }

    void start() {
        for (int i = 0; i < THREADS; i++) {
            boolean callbacks = i % 2 == 1;
            Thread thread = new Thread(() -> run(callbacks), "load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(boolean callbacks) {
        while (!enough.get() && wrong.get() == null) {
            long begun = System.nanoTime();
            try (Stream stream = client.manager().getStream()) {
                CallingClient.Replies replies = callbacks ? client.new Replies(stream) : null;
                for (int i = 0; i < CALLS_PER_STREAM && !enough.get(); i++) {
                    begun = System.nanoTime();
                    call(stream, replies, SIZES[i % SIZES.length]);
                    answered(begun);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (SessionClosedException | StreamClosedException e) {
                failed(begun);
            } catch (Exception | AssertionError e) {
                wrong.compareAndSet(null, e);
            }
        }
    }

    private void call(Stream stream, CallingClient.Replies replies, int size) throws InterruptedException {
        if (replies == null) {
            client.call(stream, size);
        } else if (!replies.tryCall(size)) {
            throw new StreamClosedException(Reason.END_OF_STREAM, "the session was lost");
        }
    }

    private synchronized void answered(long begun) {
        answered.incrementAndGet();
        if (begun > latest.begunNanos) {
            latest = new Answer(begun, System.nanoTime());
        }
    }

    private void failed(long begun) {
        failed.incrementAndGet();
        long killed = killedNanos;
        if (killed != 0 && begun - killed < 0) {
            errors.add(System.nanoTime() - killed);
        }
        LockSupport.parkNanos(RETRY_NANOS);
    }

    /** Says that the peer was killed a moment ago. */
    void killed(long nanos) {
        killedNanos = nanos;
    }

    /** Waits until a call that began after the given time was answered; returns when it was. */
    long awaitAnswerToCallBegunAfter(long nanos, Duration patience) {
        await().atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> wrong.get() != null || latest.begunNanos - nanos > 0);
        requireRight();
        return latest.answeredNanos;
    }

    /** Waits until a number of further calls were answered. */
    void awaitAnswers(int more, Duration patience) {
        long before = answered.get();
        await().atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> wrong.get() != null || answered.get() >= before + more);
        requireRight();
    }

    long answered() {
        return answered.get();
    }

    long failed() {
        return failed.get();
    }

    /** Returns how long after a kill the calls under way learned of it. */
    Latencies errors() {
        return errors;
    }

    /** Returns how much of the sessions' region is in use. */
    long bytesInUse() {
        return client.session().metrics().shareMemory().allInUsedShareMemoryInBytes();
    }

    /** Fails if a reply was wrong, or a call failed in another way than by the loss of its session. */
    void requireRight() {
        assertThat(wrong.get()).as("what went wrong in a call").isNull();
    }

    /** Ends the load; the client stays. */
    void stop() {
        enough.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(CallingClient.DEADLINE.toMillis());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(thread.isAlive()).as("%s has ended", thread.getName()).isFalse();
        }
        requireRight();
    }

    @Override
    public void close() {
        enough.set(true);
        client.close();
    }
}
