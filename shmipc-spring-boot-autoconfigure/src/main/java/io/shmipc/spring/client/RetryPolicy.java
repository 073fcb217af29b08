package io.shmipc.spring.client;

import io.shmipc.InvalidConfigException;
import java.time.Duration;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * How often, and after which delays, a call is tried again of which nothing was sent.
 *
 * <p>What was sent may have been handled, and is never sent again.
 *
 * @param maxRetries how many further attempts there are, 0 for none
 * @param delay time before the first of them; it doubles each time
 * @param maxDelay longest time between two attempts
 */
public record RetryPolicy(int maxRetries, Duration delay, Duration maxDelay) {

    /** Five further attempts in about 300 ms. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofMillis(10), Duration.ofMillis(500));

    private static final double MULTIPLIER = 2;

    /**
     * @throws InvalidConfigException if a number makes no sense
     */
    public RetryPolicy {
        if (maxRetries < 0) {
            throw new InvalidConfigException(
                    "maxRetries", Integer.toString(maxRetries), "be 0 or more", "0 switches retries off");
        }
        if (delay.toMillis() < 1) {
            throw new InvalidConfigException("delay", delay.toString(), "be 1 ms or more", "The default is 10 ms");
        }
        if (maxDelay.compareTo(delay) < 0) {
            throw new InvalidConfigException(
                    "maxDelay", maxDelay.toString(), "be no shorter than the delay of " + delay, "Raise it");
        }
    }

    BackOffExecution begin() {
        ExponentialBackOff backOff = new ExponentialBackOff(delay.toMillis(), MULTIPLIER);
        backOff.setMaxInterval(maxDelay.toMillis());
        backOff.setMaxAttempts(maxRetries);
        return backOff.start();
    }
}
