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

/**
 * A process stands between the two writes of a recycle and goes on, while the other recycles behind the cut and takes.
 *
 * <pre>
 *   head            tail
 *   2   ✂   0       0 ── 1 that two recycles
 * </pre>
 */
@JCStressTest
@Outcome(id = "-1, 2, 3", expect = ACCEPTABLE, desc = "The cut lasted as long as two looked; nothing is lost.")
@Outcome(id = "2, 2, 2", expect = ACCEPTABLE, desc = "The list was whole again in time.")
@Outcome(expect = FORBIDDEN, desc = "A slice was lost or lent twice, or the count of free slices is wrong.")
@State
public class CutListTest {

    private final TwoLists lists = new TwoLists(3);
    private final Slice stuck = TwoLists.take(lists.one);
    private final Slice behind = TwoLists.take(lists.two);
    private final int before = lists.beginPush(stuck);
    private @Nullable Slice got;

    @Actor
    public void one() {
        lists.endPush(stuck, before);
    }

    @Actor
    public void two() {
        lists.two.push(behind);
        got = lists.two.pop();
    }

    @Arbiter
    public void count(III_Result result) {
        result.r1 = TwoLists.index(got);
        result.r3 = lists.one.free();
        result.r2 = got == null ? lists.countWith() : lists.countWith(got);
    }
}
