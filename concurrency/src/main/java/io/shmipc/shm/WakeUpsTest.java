package io.shmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two threads of the producer put an element each for a consumer that sleeps: one of them wakes it. */
@JCStressTest
@Outcome(
        id = {"true, false, 12", "true, false, 21", "false, true, 12", "false, true, 21"},
        expect = ACCEPTABLE,
        desc = "One wake-up for two elements.")
@Outcome(expect = FORBIDDEN, desc = "No wake-up or two, or an element was torn or lost.")
@State
public class WakeUpsTest {

    private final TwoQueues queue = new TwoQueues(4);

    @Actor
    public void one(ZZI_Result result) {
        queue.put(1);
        result.r1 = queue.send.mustWake();
    }

    @Actor
    public void two(ZZI_Result result) {
        queue.put(2);
        result.r2 = queue.send.mustWake();
    }

    @Arbiter
    public void elements(ZZI_Result result) {
        result.r3 = queue.take();
    }
}
