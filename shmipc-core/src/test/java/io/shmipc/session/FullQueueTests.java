package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BackPressure;
import io.shmipc.BackPressureException;
import io.shmipc.BufferReader;
import io.shmipc.Reason;
import io.shmipc.ShmipcTimeoutException;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that does not drain its queue: its callbacks run inline, and the first one waits for the test. */
@Timeout(60)
class FullQueueTests {

    private static final int CAPACITY = 8;

    private static final Duration TIMEOUT = Duration.ofMillis(70);

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final List<Integer> received = new CopyOnWriteArrayList<>();
    private final CountDownLatch remoteClosed = new CountDownLatch(1);
    private Duo duo;
    private Stream stream;
    private int sent;

    private final class Stubborn implements StreamCallbacks {
        private final Stream served;

        Stubborn(Stream served) {
            this.served = served;
        }

        @Override
        public void onData(BufferReader reader) {
            while (reader.length() > 0) {
                received.add(reader.readInt());
            }
            blocked.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {
            served.close();
            remoteClosed.countDown();
        }
    }

    @BeforeEach
    void fillTheQueue() throws Exception {
        duo = Duo.of(Variant.USUAL)
                .config(config -> config.queueCapacity(CAPACITY).backPressureTimeout(TIMEOUT))
                .server(config -> config.callbackExecutor(Runnable::run))
                .onStream(served -> served.setCallbacks(new Stubborn(served)))
                .open();
        stream = duo.stream();
        send();
        assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < CAPACITY; i++) {
            send();
        }
    }

    private void send() {
        stream.bufferWriter().writeInt(sent);
        stream.flush();
        sent++;
    }

    @AfterEach
    void close() {
        release.countDown();
        duo.close();
    }

    @Test
    void aFlushGivesUpAtTheWriteDeadline() {
        stream.setWriteDeadline(Instant.now().plusMillis(30));
        OverEveryVariant.assertRefused(Reason.TIMEOUT, this::send);
        recover();
    }

    @Test
    void oneDeadlineEndsReadsAndFlushes() {
        stream.setDeadline(Instant.now());
        OverEveryVariant.assertRefused(Reason.TIMEOUT, this::send);
        OverEveryVariant.assertRefused(
                Reason.TIMEOUT, () -> stream.bufferReader().readByte());
        stream.setDeadline(null);
        OverEveryVariant.assertRefused(Reason.QUEUE_FULL, this::send);
    }

    @Test
    void aFlushWithoutDeadlineGivesUpAfterTheConfiguredTime() {
        long begunNanos = System.nanoTime();
        assertThatThrownBy(this::send)
                .isInstanceOfSatisfying(
                        BackPressureException.class, e -> assertThat(e.reason()).isEqualTo(Reason.QUEUE_FULL))
                .hasMessageContaining("queue of " + CAPACITY + " elements")
                .hasMessageContaining("backPressureTimeout, PT0.07S")
                .hasMessageContaining("raise queueCapacity");
        assertThat(System.nanoTime() - begunNanos).isGreaterThanOrEqualTo(TIMEOUT.toNanos());
        assertThat(duo.clientSession().metrics().stability().queueFullErrorCount())
                .isEqualTo(1);
        assertThat(duo.clientSession().metrics().performance().sendQueueCount()).isEqualTo(CAPACITY);
        recover();
    }

    @Test
    void aFlushThatMayNotWaitFailsAtOnceWhateverTheDeadline() {
        stream.setBackPressure(BackPressure.FAIL);
        stream.setWriteDeadline(Instant.now().plusSeconds(60));
        assertThatThrownBy(this::send)
                .isInstanceOfSatisfying(
                        BackPressureException.class, e -> assertThat(e.reason()).isEqualTo(Reason.QUEUE_FULL))
                .hasMessageContaining("back-pressure FAIL");
        stream.setBackPressure(BackPressure.TIMEOUT);
        recover();
    }

    @Test
    void aFlushThatBlocksWaitsForRoomAsLongAsItTakes() {
        stream.setBackPressure(BackPressure.BLOCK);
        CompletableFuture<Void> flush = CompletableFuture.runAsync(this::send);
        await().during(TIMEOUT.multipliedBy(4)).until(() -> !flush.isDone());
        release.countDown();
        assertThat(flush).succeedsWithin(Duration.ofSeconds(20));
        await().untilAsserted(() -> assertThat(received).hasSize(CAPACITY + 2).isSorted());
    }

    @Test
    void aDeadlineEndsAFlushThatWaitsAlready() {
        stream.setBackPressure(BackPressure.BLOCK);
        CompletableFuture<Void> flush = CompletableFuture.runAsync(this::send);
        await().until(() -> duo.clientSession().metrics().stability().queueFullErrorCount() == 1);
        stream.setWriteDeadline(Instant.now());
        assertThat(flush)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ShmipcTimeoutException.class);
        recover();
    }

    @Test
    void anInterruptedFlushIsToldSo() throws Exception {
        stream.setBackPressure(BackPressure.BLOCK);
        Thread[] thread = new Thread[1];
        CompletableFuture<Throwable> failure = OverEveryVariant.failureOn(thread, this::send);
        await().until(() -> duo.clientSession().metrics().stability().queueFullErrorCount() == 1);
        thread[0].interrupt();
        assertThat(failure.get(20, TimeUnit.SECONDS)).hasFieldOrPropertyWithValue("reason", Reason.INTERRUPTED);
        recover();
    }

    @Test
    void aStreamOfThePoolWaitsAsConfiguredAgain() {
        release.countDown();
        await().untilAsserted(() -> assertThat(received).hasSize(CAPACITY + 1));
        ShmipcStream pooled = (ShmipcStream) stream;
        pooled.setBackPressure(BackPressure.FAIL);
        duo.manager().putBack(pooled);
        assertThat(duo.stream()).isSameAs(pooled);
        assertThat(pooled.writes().backPressure()).isEqualTo(BackPressure.TIMEOUT);
    }

    private void recover() {
        release.countDown();
        stream.setWriteDeadline(Instant.now().plusSeconds(20));
        send();
        await().untilAsserted(() -> assertThat(received).hasSize(CAPACITY + 2));
        assertThat(received).isSorted();
        OverEveryVariant.awaitNothingInUse(duo.clientSession());
    }

    @Test
    void aFlushWaitsForRoomWithinItsDeadline() {
        stream.setWriteDeadline(Instant.now().plusSeconds(20));
        Thread releaser = new Thread(release::countDown);
        releaser.start();
        send();
        await().untilAsserted(() -> assertThat(received).hasSize(CAPACITY + 2).isSorted());
    }

    @Test
    void aCloseReachesThePeerAllTheSameAndBehindTheData() throws Exception {
        stream.close();
        release.countDown();
        assertThat(remoteClosed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(received).hasSize(CAPACITY + 1).isSorted();
    }

    @Test
    void anEndOfOutputReachesThePeerAllTheSameAndBehindTheData() throws Exception {
        stream.flush(true);
        release.countDown();
        assertThat(remoteClosed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(received).hasSize(CAPACITY + 1).isSorted();
    }

    @Test
    void closingTheStreamEndsAFlushThatWaits() {
        stream.setWriteDeadline(Instant.now().plusSeconds(20));
        Stream closing = stream;
        new Thread(() -> {
                    await().until(() ->
                            duo.clientSession().metrics().stability().queueFullErrorCount() == 1);
                    closing.close();
                })
                .start();
        OverEveryVariant.assertRefused(Reason.STREAM_CLOSED, this::send);
    }
}
