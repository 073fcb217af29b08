package io.shmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** An element is put while the consumer falls asleep: it is seen, or the producer knows that it must wake. */
@JCStressTest
@Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "The consumer sleeps, and is woken.")
@Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "The consumer saw the element, and is not disturbed.")
@Outcome(
        id = "true, 1",
        expect = ACCEPTABLE,
        desc = "The consumer saw the element as it was about to sleep, and is woken.")
@Outcome(id = "false, 0", expect = FORBIDDEN, desc = "The consumer sleeps over an element that nobody wakes it for.")
@Outcome(expect = FORBIDDEN, desc = "The element was torn.")
@State
public class FallingAsleepTest {

    private final TwoQueues queue = new TwoQueues(4);

    public FallingAsleepTest() {
        queue.receive.markWorking();
    }

    @Actor
    public void producer(ZI_Result result) {
        queue.put(1);
        result.r1 = queue.send.mustWake();
    }

    @Actor
    public void consumer(ZI_Result result) {
        result.r2 = queue.receive.markSleeping() ? 0 : queue.take();
    }
}
