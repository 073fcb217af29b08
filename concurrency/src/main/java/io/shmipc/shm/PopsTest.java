package io.shmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two processes take a slice each: no slice is lent twice. */
@JCStressTest
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "One was first.")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Two was first.")
@Outcome(expect = FORBIDDEN, desc = "A slice was lent twice, or refused though there was one.")
@State
public class PopsTest {

    private final TwoLists lists = new TwoLists(3);

    @Actor
    public void one(II_Result result) {
        result.r1 = TwoLists.index(lists.one.pop());
    }

    @Actor
    public void two(II_Result result) {
        result.r2 = TwoLists.index(lists.two.pop());
    }
}
