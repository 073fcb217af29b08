package io.shmipc.sample.lab.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import io.shmipc.sample.greeting.Greeting;
import io.shmipc.sample.greeting.Greetings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the verdicts of the breakages rest on. */
@Timeout(60)
class LoadTests {

    private static final Duration LIMIT = Duration.ofMillis(100);

    @Test
    void aCallThatDoesNotEndCountsWhileItIsUnderWay() {
        CountDownLatch end = new CountDownLatch(1);
        Greetings hanging = name -> {
            await(end);
            return new Greeting("late", 1);
        };
        try (Load load = new Load(hanging, 1, 0)) {
            Awaitility.await().until(() -> load.longestCall().compareTo(LIMIT) > 0);

            assertThat(load.answered()).isZero();
            assertThatThrownBy(() -> load.requireNoCallLongerThan(LIMIT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("A call hung: it took \\d+ ms, and none may take more than 100 ms\\.");
            end.countDown();
        }
    }

    @Test
    void callsThatEndInTimeAreNoReasonToComplain() throws Exception {
        try (Load load = new Load(name -> new Greeting("Hello", 1), 2, 1)) {
            load.awaitAnswers(10, Duration.ofSeconds(20));

            load.requireNoFailure();
            load.requireNoCallLongerThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void aFailedCallIsNamedWithItsReason() throws Exception {
        Greetings failing = name -> {
            throw new ShmipcException(Reason.CONNECTION_FAILED, "nobody is there");
        };
        try (Load load = new Load(failing, 1, 1)) {
            load.awaitFailure(Duration.ofSeconds(20));

            assertThatThrownBy(load::requireNoFailure)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("\\d+ calls were lost, the last one with: nobody is there");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
