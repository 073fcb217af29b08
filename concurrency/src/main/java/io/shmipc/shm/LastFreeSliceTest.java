package io.shmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two processes want the one slice that is to be had: one gets it, and the last free slice stays. */
@JCStressTest
@Outcome(id = "0, -1, 1", expect = ACCEPTABLE, desc = "One was first.")
@Outcome(id = "-1, 0, 1", expect = ACCEPTABLE, desc = "Two was first.")
@Outcome(expect = FORBIDDEN, desc = "The slice was lent twice or to nobody, or the count of free slices is wrong.")
@State
public class LastFreeSliceTest {

    private final TwoLists lists = new TwoLists(2);

    @Actor
    public void one(III_Result result) {
        result.r1 = TwoLists.index(lists.one.pop());
    }

    @Actor
    public void two(III_Result result) {
        result.r2 = TwoLists.index(lists.two.pop());
    }

    @Arbiter
    public void count(III_Result result) {
        result.r3 = lists.one.free();
    }
}
