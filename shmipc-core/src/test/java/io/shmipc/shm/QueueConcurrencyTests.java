package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.shm.SendQueue.Outcome;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Producers, a consumer and an onlooker at the same time. */
@Timeout(60)
class QueueConcurrencyTests {

    private static final int MESSAGES = 400_000;
    private static final long STRESS_NANOS = 2_000_000_000L;
    private static final int LAST = 2;
    private static final int CROSSINGS = 20_000;
    private static final long WRAP = 1L << 32;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void noWakeUpIsLost(int capacity) throws Exception {
        RawQueue raw = RawQueue.startingAt(WRAP - 10_000, capacity);
        SendQueue send = QueuePair.format(raw.memory, capacity).send();
        ReceiveQueue receive = QueuePair.read(raw.memory).receive();
        Semaphore wakeUps = new Semaphore(0);
        Future<Integer> producer = threads.submit(() -> produce(send, wakeUps));

        int sleeps = 0;
        int next = 0;
        boolean last = false;
        while (!last) {
            int count = receive.take();
            for (int i = 0; i < count; i++) {
                last = receive.streamId(i) == LAST;
                assertThat(receive.offset(i)).isEqualTo(next++);
            }
            if (count == 0 && receive.markSleeping()) {
                sleeps++;
                sleep(wakeUps);
                receive.onWakeUp();
            }
        }
        assertThat(next).isEqualTo(producer.get());
        assertThat(raw.tail()).isEqualTo(WRAP - 10_000 + next);
        assertThat(sleeps).isPositive();
    }

    /** Produces for a while, a little slower than the consumer drains, so that it sleeps often; returns how many. */
    private static int produce(SendQueue send, Semaphore wakeUps) {
        Random random = new Random(1);
        long end = System.nanoTime() + STRESS_NANOS;
        int sent = 0;
        while (sent < MESSAGES && System.nanoTime() - end < 0) {
            put(send, 1, sent++);
            if (send.mustWake()) {
                wakeUps.release();
            }
            for (int pause = random.nextInt(8); pause > 0; pause--) {
                Thread.onSpinWait();
            }
        }
        put(send, LAST, sent++);
        if (send.mustWake()) {
            wakeUps.release();
        }
        return sent;
    }

    private static void put(SendQueue send, int streamId, int offset) {
        while (send.put(streamId, offset, 0, 0) == Outcome.FULL) {
            yieldUnlessTimeIsUp();
        }
    }

    /** Sleeps with open eyes: parking would take the time in which most of the races happen. */
    private static void sleep(Semaphore wakeUps) {
        for (int looks = 1; !wakeUps.tryAcquire(); looks++) {
            if (looks % 1000 == 0) {
                yieldUnlessTimeIsUp();
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static void yieldUnlessTimeIsUp() {
        assertThat(Thread.currentThread().isInterrupted()).as("time is up").isFalse();
        Thread.yield();
    }

    @Test
    void producersOfOneProcessExcludeEachOther() throws Exception {
        int messages = 20_000;
        RawQueue raw = new RawQueue(16);
        SendQueue send = QueuePair.format(raw.memory, 16).send();
        ReceiveQueue receive = QueuePair.read(raw.memory).receive();
        for (int producer = 0; producer < 3; producer++) {
            int id = producer;
            threads.execute(() -> {
                for (int i = 0; i < messages; i++) {
                    put(send, id, i);
                }
            });
        }
        int[] next = new int[3];
        int received = 0;
        while (received < 3 * messages) {
            int count = receive.take();
            for (int i = 0; i < count; i++) {
                assertThat(receive.offset(i)).isEqualTo(next[receive.streamId(i)]++);
            }
            received += count;
            if (count == 0) {
                yieldUnlessTimeIsUp();
            }
        }
        assertThat(next).containsOnly(messages);
    }

    @Test
    void nobodySeesTheTailAheadWhileItPassesTheWrap() throws Exception {
        RawQueue raw = new RawQueue(16);
        assertNeverAhead(raw, raw::tail, queues -> {
            for (int i = 0; i < 8; i++) {
                assertThat(queues.near().send().put(i, 0, 0, 0)).isEqualTo(Outcome.PUT);
            }
            assertThat(raw.tail()).isEqualTo(WRAP + 4);
        });
    }

    @Test
    void nobodySeesTheHeadAheadWhileItPassesTheWrap() throws Exception {
        RawQueue raw = new RawQueue(16);
        assertNeverAhead(raw, raw::head, queues -> {
            for (int i = 0; i < 8; i++) {
                queues.near().send().put(i, 0, 0, 0);
                assertThat(queues.far().receive().take()).isEqualTo(1);
            }
            assertThat(raw.head()).isEqualTo(WRAP + 4);
        });
    }

    private record Queues(QueuePair near, QueuePair far) {}

    private interface Crossing {
        void cross(Queues queues);
    }

    /** Passes the wrap many times, from 4 below to 4 above, while an onlooker reads the counter as a peer does. */
    private void assertNeverAhead(RawQueue raw, LongSupplier counter, Crossing crossing) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        raw.reset(WRAP - 4);
        Callable<Long> look = () -> {
            long highest = Long.MIN_VALUE;
            while (!done.get()) {
                highest = Math.max(highest, counter.getAsLong());
            }
            return highest;
        };
        Future<Long> highest = threads.submit(look);
        try {
            for (int i = 0; i < CROSSINGS; i++) {
                raw.reset(WRAP - 4);
                crossing.cross(new Queues(QueuePair.format(raw.memory, 16), QueuePair.read(raw.memory)));
            }
        } finally {
            done.set(true);
        }
        assertThat(highest.get()).isBetween(WRAP - 4, WRAP + 4);
    }
}
