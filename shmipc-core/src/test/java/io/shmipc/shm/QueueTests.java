package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.shm.SendQueue.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One queue, producer and consumer in turn, with counters that begin near the places where their halves wrap. */
@Timeout(20)
class QueueTests {

    /** Just below 2³¹, 2³² and 2³³, and far beyond. */
    static long[] counters() {
        return new long[] {0, (1L << 31) - 3, (1L << 32) - 3, (1L << 33) - 1, 77 * (1L << 32) - 2};
    }

    private static final int[] CAPACITIES = {1, 2, 3, 7, 8, 64, 100};

    @ParameterizedTest
    @MethodSource("counters")
    void elementsComeOutInTheOrderInWhichTheyWentIn(long counter) {
        for (int capacity : CAPACITIES) {
            RawQueue raw = RawQueue.startingAt(counter, capacity);
            SendQueue send = QueuePair.format(raw.memory, capacity).send();
            ReceiveQueue receive = QueuePair.read(raw.memory).receive();
            for (int i = 0; i < 3 * capacity + 20; i++) {
                assertThat(send.put(i, ~i, 0x100 | i % 3, 0)).isEqualTo(Outcome.PUT);
                assertThat(receive.take()).isEqualTo(1);
                assertElement(receive, 0, i);
            }
            assertThat(raw.head()).isEqualTo(counter + 3L * capacity + 20);
            assertThat(raw.tail()).isEqualTo(raw.head());
            assertThat(receive.isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("counters")
    void aFullQueueTakesNothingUntilItIsDrained(long counter) {
        for (int capacity : CAPACITIES) {
            RawQueue raw = RawQueue.startingAt(counter, capacity);
            SendQueue send = QueuePair.format(raw.memory, capacity).send();
            ReceiveQueue receive = QueuePair.read(raw.memory).receive();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < capacity; i++) {
                    assertThat(send.put(i, ~i, i % 3, 0)).isEqualTo(Outcome.PUT);
                }
                assertThat(send.put(-1, -1, -1, 0)).isEqualTo(Outcome.FULL);
                assertThat(send.pending()).isEqualTo(capacity);
                assertThat(receive.pending()).isEqualTo(capacity);
                drain(receive, capacity);
                assertThat(send.pending()).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("counters")
    void aQueueIsConsumedFromItsFirstElementOn(long counter) {
        RawQueue raw = RawQueue.startingAt(counter, 8);
        SendQueue send = QueuePair.format(raw.memory, 8).send();
        ReceiveQueue receive = QueuePair.read(raw.memory).receive();
        send.put(0, ~0, 0, 0);
        assertThat(send.isConsumed()).isFalse();
        drain(receive, 1);
        assertThat(send.isConsumed()).isTrue();
        send.put(1, ~1, 1, 0);
        assertThat(send.isConsumed()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("counters")
    void theSlotIsTheCounterModuloTheCapacity(long counter) {
        RawQueue raw = RawQueue.startingAt(counter, 7);
        SendQueue send = QueuePair.format(raw.memory, 7).send();
        for (int i = 0; i < 7; i++) {
            send.put(100 + i, 0, 0, 0);
            assertThat(raw.streamIdIn((int) ((counter + i) % 7))).isEqualTo(100 + i);
        }
    }

    @Test
    void batchesAreBoundedAndKeepTheOrder() {
        RawQueue raw = new RawQueue(200);
        SendQueue send = QueuePair.format(raw.memory, 200).send();
        ReceiveQueue receive = QueuePair.read(raw.memory).receive();
        for (int i = 0; i < 200; i++) {
            send.put(i, ~i, i % 3, 0);
        }
        assertThat(receive.take()).isEqualTo(64);
        assertElement(receive, 63, 63);
        assertThat(raw.head())
                .as("the slots are free while the batch is worked on")
                .isEqualTo(64);
        assertThat(receive.take()).isEqualTo(64);
        assertElement(receive, 0, 64);
    }

    @Test
    void bothDirectionsAreApart() {
        RawQueue raw = new RawQueue(8);
        QueuePair client = QueuePair.format(raw.memory, 8);
        QueuePair server = QueuePair.read(raw.memory);
        client.send().put(1, 10, 0, 0);
        server.send().put(2, 20, 1, 0);
        assertThat(server.receive().take()).isEqualTo(1);
        assertThat(client.receive().take()).isEqualTo(1);
        assertThat(server.receive().offset(0)).isEqualTo(10);
        assertThat(client.receive().offset(0)).isEqualTo(20);
        assertThat(client.receive().state(0)).isEqualTo(1);
    }

    @Test
    void onlyTheLowByteOfAStatusCounts() {
        RawQueue raw = new RawQueue(8);
        QueuePair.format(raw.memory, 8).send().put(1, 0, 0, 0);
        raw.status(0, 0xabcdef01);
        ReceiveQueue receive = QueuePair.read(raw.memory).receive();
        receive.take();
        assertThat(receive.state(0)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 9", "0, -1", "100, 99", "100, 109", "4294967290, 4294967299", "0, 2147483648"})
    void aTailThatCannotBeIsCorrupt(long head, long tail) {
        RawQueue raw = RawQueue.startingAt(head, 8);
        QueuePair.format(raw.memory, 8);
        ReceiveQueue receive = QueuePair.read(raw.memory).receive();
        raw.tail(tail);
        assertThatThrownBy(receive::take)
                .isInstanceOf(CorruptMemoryException.class)
                .hasMessageContaining("ahead of its head");
        assertThat(receive.pending()).isBetween(0, 8);
    }

    @ParameterizedTest
    @CsvSource({"100, 101", "100, 91", "4294967296, 4294967287", "5, 2147483653"})
    void aHeadThatCannotBeIsCorrupt(long tail, long head) {
        RawQueue raw = RawQueue.startingAt(tail, 8);
        SendQueue send = QueuePair.format(raw.memory, 8).send();
        raw.head(head);
        assertThat(send.put(1, 1, 0, 0)).isEqualTo(Outcome.CORRUPT);
        assertThat(send.pending()).isBetween(0, 8);
        assertThat(raw.tail()).isEqualTo(tail);
    }

    @Test
    void whatThePeerWritesOverOurOwnCounterIsNeverRead() {
        RawQueue raw = new RawQueue(8);
        SendQueue send = QueuePair.format(raw.memory, 8).send();
        ReceiveQueue receive = QueuePair.read(raw.memory).receive();
        send.put(1, 0, 0, 0);
        raw.tail(-5);
        send.put(2, 0, 0, 0);
        raw.head(1234);
        assertThat(receive.take()).isEqualTo(2);
        assertThat(raw.head()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 9, 1 << 25, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aCapacityThatDoesNotFitTheMappingIsRefused(int capacity) {
        RawQueue raw = new RawQueue(8);
        QueuePair.format(raw.memory, 8);
        raw.memory.putInt(0, capacity);
        raw.memory.putInt(raw.memory.capacity() / 2, capacity);
        assertThatThrownBy(() -> QueuePair.read(raw.memory)).isInstanceOf(CorruptMemoryException.class);
    }

    @Test
    void twoCapacitiesAreRefused() {
        RawQueue raw = new RawQueue(8);
        QueuePair.format(raw.memory, 8);
        raw.memory.putInt(raw.memory.capacity() / 2, 4);
        assertThatThrownBy(() -> QueuePair.read(raw.memory))
                .isInstanceOf(CorruptMemoryException.class)
                .hasMessageContaining("8 and 4 elements");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 24, 48, 71, 74})
    void aMappingWithoutRoomForTwoQueuesIsRefused(int bytes) {
        assertThatThrownBy(() -> QueuePair.read(Regions.memory(bytes))).isInstanceOf(CorruptMemoryException.class);
    }

    @Test
    void oneWakeUpIsOwedPerSleep() {
        RawQueue raw = new RawQueue(8);
        SendQueue send = QueuePair.format(raw.memory, 8).send();
        ReceiveQueue receive = QueuePair.read(raw.memory).receive();
        assertThat(send.mustWake()).as("a new consumer sleeps").isTrue();
        assertThat(send.mustWake()).isFalse();

        receive.onWakeUp();
        assertThat(receive.markSleeping()).isTrue();
        assertThat(raw.working()).isZero();
        assertThat(send.mustWake()).isTrue();
        assertThat(raw.working()).isEqualTo(1);
    }

    @Test
    void aConsumerThatLooksKeepsItsPeerFromWakingIt() {
        RawQueue raw = new RawQueue(8);
        SendQueue send = QueuePair.format(raw.memory, 8).send();
        ReceiveQueue receive = QueuePair.read(raw.memory).receive();
        receive.markWorking();
        send.put(1, 0, 0, 0);
        assertThat(send.mustWake()).isFalse();
    }

    @Test
    void aConsumerDoesNotSleepOverAnElement() {
        RawQueue raw = new RawQueue(8);
        SendQueue send = QueuePair.format(raw.memory, 8).send();
        ReceiveQueue receive = QueuePair.read(raw.memory).receive();
        send.put(1, 0, 0, 0);
        assertThat(receive.markSleeping()).isFalse();
        assertThat(raw.working()).isEqualTo(1);
        assertThat(send.mustWake()).isFalse();
    }

    private static void drain(ReceiveQueue receive, int elements) {
        int next = 0;
        while (next < elements) {
            int count = receive.take();
            assertThat(count).isPositive();
            for (int i = 0; i < count; i++) {
                assertElement(receive, i, next++);
            }
        }
        assertThat(receive.take()).isZero();
    }

    private static void assertElement(ReceiveQueue receive, int index, int value) {
        assertThat(receive.streamId(index)).isEqualTo(value);
        assertThat(receive.offset(index)).isEqualTo(~value);
        assertThat(receive.state(index)).isEqualTo(value % 3);
    }
}
