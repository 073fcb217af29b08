package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.Reason;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that does not drain its queue: its callbacks run inline, and the first one waits for the test. */
@Timeout(30)
class FullQueueTests {

    private static final int CAPACITY = 8;

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
                .config(config -> config.queueCapacity(CAPACITY))
                .server(config -> config.callbackExecutor(Runnable::run))
                .onStream(served -> served.setCallbacks(new Stubborn(served)))
                .open();
        stream = duo.stream();
        send();
        assertThat(blocked.await(5, TimeUnit.SECONDS)).isTrue();
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
    void aFlushWithoutDeadlineGivesUpSoon() {
        OverEveryVariant.assertRefused(Reason.QUEUE_FULL, this::send);
        assertThat(duo.clientSession().metrics().stability().queueFullErrorCount())
                .isEqualTo(1);
        assertThat(duo.clientSession().metrics().performance().sendQueueCount()).isEqualTo(CAPACITY);
        recover();
    }

    private void recover() {
        release.countDown();
        stream.setWriteDeadline(Instant.now().plusSeconds(5));
        send();
        await().untilAsserted(() -> assertThat(received).hasSize(CAPACITY + 2));
        assertThat(received).isSorted();
        assertThat(duo.clientSession().metrics().shareMemory().allInUsedShareMemoryInBytes())
                .isZero();
    }

    @Test
    void aFlushWaitsForRoomWithinItsDeadline() {
        stream.setWriteDeadline(Instant.now().plusSeconds(5));
        Thread releaser = new Thread(release::countDown);
        releaser.start();
        send();
        await().untilAsserted(() -> assertThat(received).hasSize(CAPACITY + 2).isSorted());
    }

    @Test
    void aCloseReachesThePeerAllTheSameAndBehindTheData() throws Exception {
        stream.close();
        release.countDown();
        assertThat(remoteClosed.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(received).hasSize(CAPACITY + 1).isSorted();
    }

    @Test
    void anEndOfOutputReachesThePeerAllTheSameAndBehindTheData() throws Exception {
        stream.flush(true);
        release.countDown();
        assertThat(remoteClosed.await(5, TimeUnit.SECONDS)).isTrue();
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
