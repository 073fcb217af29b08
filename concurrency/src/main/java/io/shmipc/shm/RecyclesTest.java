package io.shmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Both processes give slices back, and one takes one again at once. */
@JCStressTest
@Outcome(id = "2, 2, 2", expect = ACCEPTABLE, desc = "The slice that was free all the time was lent.")
@Outcome(
        id = "-1, 2, 3",
        expect = ACCEPTABLE_INTERESTING,
        desc = "One was between the two writes of its recycle: nothing was lent, and nothing is lost.")
@Outcome(expect = FORBIDDEN, desc = "A slice was lost or lent twice, or the count of free slices is wrong.")
@State
public class RecyclesTest {

    private final TwoLists lists = new TwoLists(3);
    private final Slice zero = TwoLists.take(lists.one);
    private final Slice first = TwoLists.take(lists.two);
    private @Nullable Slice got;

    @Actor
    public void one() {
        lists.one.push(zero);
    }

    @Actor
    public void two() {
        lists.two.push(first);
        got = lists.two.pop();
    }

    @Arbiter
    public void count(III_Result result) {
        result.r1 = TwoLists.index(got);
        result.r3 = lists.one.free();
        result.r2 = got == null ? lists.countWith() : lists.countWith(got);
    }
}
