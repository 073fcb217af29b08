package io.shmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** A full queue of one element: its slot is filled anew only when the element has been copied out. */
@JCStressTest
@Outcome(id = "0, 1, 0, 0", expect = ACCEPTABLE, desc = "There was no room yet, and nothing was put.")
@Outcome(
        id = {"1, 1, 2, 0", "1, 1, 0, 2"},
        expect = ACCEPTABLE,
        desc = "There was room, and both came in order.")
@Outcome(expect = FORBIDDEN, desc = "An element was torn, lost, repeated or out of order.")
@State
public class FullQueueTest {

    private final TwoQueues queue = new TwoQueues(1);

    public FullQueueTest() {
        queue.put(1);
    }

    @Actor
    public void producer(IIII_Result result) {
        result.r1 = queue.put(2) ? 1 : 0;
    }

    @Actor
    public void consumer(IIII_Result result) {
        result.r2 = queue.take();
        result.r3 = queue.take();
    }

    @Arbiter
    public void rest(IIII_Result result) {
        result.r4 = queue.take();
    }
}
