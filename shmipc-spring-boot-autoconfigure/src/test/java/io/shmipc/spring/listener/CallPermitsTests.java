package io.shmipc.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallPermitsTests {

    private final CallPermits permits = new CallPermits(1);
    private final List<Integer> proceeded = new ArrayList<>();

    @Test
    void permitsAreGivenInTheOrderInWhichTheyWereAskedFor() {
        assertThat(permits.acquire(waiter(0))).isTrue();
        for (int i = 1; i <= 3; i++) {
            assertThat(permits.acquire(waiter(i))).isFalse();
        }
        permits.release();
        permits.release();
        assertThat(proceeded).containsExactly(1, 2);
    }

    @Test
    void whoWithdrewGetsNoneAndWhoHasOneCannotWithdraw() {
        CallPermits.Waiter first = waiter(1);
        CallPermits.Waiter second = waiter(2);
        assertThat(permits.acquire(waiter(0))).isTrue();
        assertThat(permits.acquire(first)).isFalse();
        assertThat(permits.acquire(second)).isFalse();

        assertThat(permits.withdraw(first)).isTrue();
        permits.release();

        assertThat(proceeded).containsExactly(2);
        assertThat(permits.withdraw(second)).isFalse();
    }

    @Test
    void aPermitOfNoUseGoesToTheNext() {
        assertThat(permits.acquire(waiter(0))).isTrue();
        assertThat(permits.acquire(() -> false)).isFalse();
        assertThat(permits.acquire(() -> {
                    throw new OutOfMemoryError("unable to create native thread");
                }))
                .isFalse();
        assertThat(permits.acquire(waiter(3))).isFalse();
        assertThat(permits.acquire(() -> false)).isFalse();

        permits.release();
        assertThat(proceeded).containsExactly(3);
        permits.release();
        assertThat(permits.acquire(waiter(5))).isTrue();
        assertThat(permits.acquire(waiter(6))).isFalse();
    }

    @Test
    void thousandsThatGoOnAtOnceOnTheSameThreadDoNotOverflowItsStack() {
        assertThat(permits.acquire(waiter(0))).isTrue();
        int waiters = 100_000;
        for (int i = 0; i < waiters; i++) {
            int number = i;
            assertThat(permits.acquire(() -> {
                        proceeded.add(number);
                        permits.release();
                        return true;
                    }))
                    .isFalse();
        }

        permits.release();

        assertThat(proceeded)
                .containsExactlyElementsOf(IntStream.range(0, waiters).boxed().toList());
        assertThat(permits.acquire(waiter(0))).isTrue();
    }

    private CallPermits.Waiter waiter(int number) {
        return () -> proceeded.add(number);
    }
}
