package io.shmipc.sample.lab.breaking;

import io.shmipc.ShmipcTimeoutException;
import io.shmipc.sample.lab.traffic.Load;
import io.shmipc.sample.lab.traffic.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** One method of the server takes too long: its callers get a time-out, and nobody else waits for it. */
@Component
@Profile("lab")
@Order(4)
final class SlowHandler implements Breakage {

    private static final int SLOW_CALLS = 8;
    private static final int HANDLER_MILLIS = 1_500;
    private static final int CALLERS = 2;
    private static final int PAUSE_MILLIS = 1;
    private static final int ENOUGH_CALLS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SlowCalls slow;
    private final Traffic traffic;

    SlowHandler(SlowCalls slow, Traffic traffic) {
        this.slow = slow;
        this.traffic = traffic;
    }

    @Override
    public String name() {
        return "slow-handler";
    }

    @Override
    public void run(Report report) throws InterruptedException, TimeoutException {
        try (Load others = traffic.open(CALLERS, PAUSE_MILLIS)) {
            others.awaitAnswers(ENOUGH_CALLS, PATIENCE);
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < SLOW_CALLS; i++) {
                calls.add(slow.sleep(HANDLER_MILLIS));
            }
            report.step(SLOW_CALLS + " calls go to a method that takes " + HANDLER_MILLIS + " ms; they may take "
                    + SlowCalls.TIMEOUT + ".");
            List<String> timeouts = calls.stream().flatMap(SlowHandler::timeout).toList();
            report.step(timeouts.size() + " of them have given up. "
                    + timeouts.stream().findFirst().orElse(""));
            others.awaitAnswers(ENOUGH_CALLS, PATIENCE);
            report.fact("Slow calls timed out", timeouts.size() + " of " + SLOW_CALLS);
            long answered = others.answered();
            report.fact("Other calls answered meanwhile", answered);
            report.fact("Other calls that failed", others.failed());
            report.fact("Longest of the others", others.longestCall().toMillis() + " ms");
            if (timeouts.size() < SLOW_CALLS) {
                throw new IllegalStateException("Only " + timeouts.size() + " of " + SLOW_CALLS
                        + " slow calls were told in time that they are late.");
            }
            others.requireNoFailure();
            // Who waited for the slow method would have waited as long as it takes.
            others.requireNoCallLongerThan(Duration.ofMillis(HANDLER_MILLIS));
            report.verdict("Each stream is served for itself: who calls a slow method gets a time-out, and " + answered
                    + " calls of others were answered meanwhile.");
        }
    }

    /** Returns what the caller is told of its time-out, if it has one. */
    private static Stream<String> timeout(CompletableFuture<String> call) {
        try {
            call.join();
            return Stream.empty();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ShmipcTimeoutException timeout) {
                return Stream.of(String.valueOf(timeout.getMessage()));
            }
            throw e;
        }
    }
}
