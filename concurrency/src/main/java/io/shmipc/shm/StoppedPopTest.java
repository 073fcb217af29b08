package io.shmipc.shm;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The ABA pause: a process has read that slice 0 is first and 1 its next, and is stopped; its exchange comes while, before
 * or after the other cycles the list until 0 is first again and 3 its next.
 *
 * <pre>
 *   0 1 2 3 4  →  2 3 4 1 0  →  4 1 0 3 2  →  0 3 2 1 4
 * </pre>
 */
@JCStressTest
@Outcome(id = "0, 4, 5", expect = ACCEPTABLE, desc = "Another slice was first: the exchange failed.")
@Outcome(id = "1, 4, 4", expect = ACCEPTABLE, desc = "Slice 0 was taken, and 1 was its next.")
@Outcome(
        id = "2, 4, 4",
        expect = ACCEPTABLE_INTERESTING,
        desc = "ABA: slice 0 was taken, and the misled head put right.")
@Outcome(expect = FORBIDDEN, desc = "A slice was lost or lent twice, or the count of free slices is wrong.")
@State
public class StoppedPopTest {

    private static final int ROUNDS = 3;
    private static final int MAX_PAUSE_BITS = 10;

    private static final int EXCHANGE_FAILED = 0;
    private static final int TAKEN = 1;
    private static final int MISLED = 2;

    private final TwoLists lists = new TwoLists(5);
    private int end;
    private @Nullable Slice got;

    public StoppedPopTest() {
        lists.beginPop();
    }

    @Actor
    public void one() {
        pause();
        if (lists.exchangeHead(0, 1)) {
            Slice slice = lists.settle(0, 1);
            end = lists.nextOf(slice) == 1 ? TAKEN : MISLED;
            got = slice;
        } else {
            end = EXCHANGE_FAILED;
            lists.cancelPop();
        }
    }

    /** How long the other takes depends on how far it is compiled: pauses of all orders of magnitude. */
    private static void pause() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int spins = random.nextInt(1 << random.nextInt(MAX_PAUSE_BITS)); spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }

    @Actor
    public void two() {
        for (int round = 0; round < ROUNDS; round++) {
            Slice first = lists.two.pop();
            Slice second = lists.two.pop();
            if (second != null) {
                lists.two.push(second);
            }
            if (first != null) {
                lists.two.push(first);
            }
        }
    }

    @Arbiter
    public void count(III_Result result) {
        result.r1 = end;
        result.r3 = lists.one.free();
        result.r2 = got == null ? lists.countWith() : lists.countWith(got);
    }
}
