package io.shmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** One process gives a slice back while the other wants one of a list that has none to give before. */
@JCStressTest
@Outcome(id = "-1, 1, 2", expect = ACCEPTABLE, desc = "Two looked before the slice was back; it is there.")
@Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "Two got the slice that had become the last but one.")
@Outcome(expect = FORBIDDEN, desc = "A slice was lost or lent twice, or the count of free slices is wrong.")
@State
public class PopAndPushTest {

    private final TwoLists lists = new TwoLists(2);
    private final Slice given = TwoLists.take(lists.one);
    private @Nullable Slice got;

    @Actor
    public void one() {
        lists.one.push(given);
    }

    @Actor
    public void two() {
        got = lists.two.pop();
    }

    @Arbiter
    public void count(III_Result result) {
        result.r1 = TwoLists.index(got);
        result.r3 = lists.one.free();
        result.r2 = got == null ? lists.countWith() : lists.countWith(got);
    }
}
