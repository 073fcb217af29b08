package io.shmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two elements are put while the consumer looks twice, and once in the end: each is seen whole, once and in order. */
@JCStressTest
@Outcome(
        id = {"0, 0, 12", "0, 1, 2", "0, 12, 0", "1, 0, 2", "1, 2, 0", "12, 0, 0"},
        expect = ACCEPTABLE,
        desc = "Both, whole and in order.")
@Outcome(expect = FORBIDDEN, desc = "An element was torn, lost, repeated or out of order.")
@State
public class ElementsTest {

    private final TwoQueues queue = new TwoQueues(4);

    @Actor
    public void producer() {
        queue.put(1);
        queue.put(2);
    }

    @Actor
    public void consumer(III_Result result) {
        result.r1 = queue.take();
        result.r2 = queue.take();
    }

    @Arbiter
    public void rest(III_Result result) {
        result.r3 = queue.take();
    }
}
