package io.shmipc.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells why clients are refused, but not for each one of a flood: some in a second, and how many more there were.
 *
 * <p><b>Threads:</b> the event loop's.
 */
final class RefusalLog {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int TOLD_PER_PERIOD = 10;

    private long periodBeganNanos = System.nanoTime();
    private int told;
    private long untold;

    void refused(@Nullable String reason) {
        long now = System.nanoTime();
        if (now - periodBeganNanos >= PERIOD_NANOS) {
            if (untold > 0) {
                LOG.warn("{} more clients were refused meanwhile", untold);
            }
            periodBeganNanos = now;
            told = 0;
            untold = 0;
        }
        if (told < TOLD_PER_PERIOD) {
            told++;
            LOG.warn("a client was refused: {}", reason);
        } else {
            untold++;
        }
    }
}
