package io.shmipc.shm;

import io.shmipc.layout.Cells;
import io.shmipc.layout.QueueLayout;
import java.nio.ByteBuffer;

/** A queue as its producer and its consumer see it, its counters about to pass 2³². */
final class TwoQueues {

    private static final int START = -1;

    final SendQueue send;
    final ReceiveQueue receive;

    TwoQueues(int capacity) {
        QueueLayout layout = QueueLayout.ofThisMachine();
        ByteBuffer memory = Memories.allocate((int) QueuePair.mappingBytes(capacity));
        Cells.storePlain(memory, layout.head(), START);
        Cells.storePlain(memory, layout.tail(), START);
        send = QueuePair.format(memory, capacity).send();
        receive = QueuePair.read(memory).receive();
    }

    /** Puts an element of which each word tells the number, from 1 to 9; returns whether there was room. */
    boolean put(int number) {
        return send.put(number, number, number, 0) == SendQueue.Outcome.PUT;
    }

    /** Returns the numbers of the elements that wait, as digits, 0 if none do; a torn element is negative. */
    int take() {
        int digits = 0;
        int count = receive.take();
        for (int i = 0; i < count; i++) {
            int number = receive.streamId(i);
            if (receive.offset(i) != number || receive.state(i) != number) {
                return -1;
            }
            digits = digits * 10 + number;
        }
        return digits;
    }
}
