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
        long[] nanos = {1};
        AdaptiveWaiting waiting = new AdaptiveWaiting(() -> nanos[0]);
        waiting.begin(true);
        nanos[0] += 1_000_000;

        waiting.begin(true);
        assertThat(waiting.keepLooking()).isFalse();
        waiting.found(true);

        waiting.begin(true);
        assertThat(waiting.keepLooking()).as("traffic flows").isTrue();
    }

    @Test
    void adaptiveWaitingStopsSpinningWhenAYieldBringsTheDataAndTriesAgainLater() {
        AdaptiveWaiting waiting = new AdaptiveWaiting();
        assertThat(waitsUntilSpinningIs(waiting, false)).as("spins in vain").isGreaterThanOrEqualTo(4);
        assertThat(waitsUntilSpinningIs(waiting, true)).as("waits that yield").isEqualTo(62);

        waiting.found(false);
        waiting.begin(false);
        assertThat(waiting.isSpinning())
                .as("the probe had its data while it spun")
                .isTrue();
    }

    /** Waits again and again, each time until the first yield, after which the data is there. */
    private static int waitsUntilSpinningIs(AdaptiveWaiting waiting, boolean wanted) {
        int waits = 0;
        waiting.begin(false);
        while (waiting.isSpinning() != wanted && waits < 1000) {
            while (waiting.isSpinning() && waiting.keepLooking()) {
                Thread.onSpinWait();
            }
            waiting.found(false);
            waits++;
            waiting.begin(false);
        }
        return waits;
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
