package io.shmipc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When each strategy has had enough of looking. */
@Timeout(20)
class WaitStrategiesTests {

    @Test
    void parkingNeverLooksTwice() {
        WaitStrategy.Waiting waiting = WaitStrategies.PARK.newWaiting();
        waiting.begin(false);
        assertThat(waiting.keepLooking()).isFalse();
    }

    @Test
    void spinningAndYieldingNeverSleep() {
        for (WaitStrategy strategy : new WaitStrategy[] {WaitStrategies.BUSY_SPIN, WaitStrategies.YIELD}) {
            WaitStrategy.Waiting waiting = strategy.newWaiting();
            waiting.begin(true);
            for (int look = 0; look < 10_000; look++) {
                assertThat(waiting.keepLooking()).isTrue();
            }
            waiting.found(false);
        }
    }

    @Test
    void adaptiveWaitingLooksForAWhileThenSleeps() {
        WaitStrategy.Waiting waiting = WaitStrategies.adaptive().newWaiting();
        assertThat(looksUntilSleep(waiting)).isPositive();
    }

    @Test
    void adaptiveWaitingStopsLookingWhenSleepsAreLongAndStartsAgainWhenTheyAreNot() {
        WaitStrategy.Waiting waiting = WaitStrategies.adaptive().newWaiting();
        int looks = Integer.MAX_VALUE;
        for (int wait = 0; wait < 10; wait++) {
            looks = looksUntilSleep(waiting);
            pass(Duration.ofMillis(1));
            waiting.found(true);
        }
        assertThat(looks).as("only the first looks, which cost nothing").isLessThanOrEqualTo(64);

        waiting.begin(false);
        waiting.found(false);
        assertThat(looksUntilSleep(waiting)).isGreaterThan(64);
    }

    @Test
    void adaptiveWaitingSleepsAtOnceWhenItWokeThePeerAfterALongPause() {
        WaitStrategy.Waiting waiting = WaitStrategies.adaptive().newWaiting();
        waiting.begin(true);
        pass(Duration.ofMillis(1));

        waiting.begin(true);
        assertThat(waiting.keepLooking()).isFalse();
        waiting.found(true);

        waiting.begin(true);
        assertThat(waiting.keepLooking()).as("traffic flows").isTrue();
    }

    private static void pass(Duration time) {
        long since = System.nanoTime();
        while (System.nanoTime() - since < time.toNanos()) {
            Thread.onSpinWait();
        }
    }

    private static int looksUntilSleep(WaitStrategy.Waiting waiting) {
        waiting.begin(false);
        int looks = 0;
        while (waiting.keepLooking()) {
            looks++;
        }
        return looks;
    }
}
