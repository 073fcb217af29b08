package io.shmipc.spring.boot.autoconfigure.message;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/** How messages are exchanged: the properties below {@code shmipc.messages}. */
@ConfigurationProperties("shmipc.messages")
public final class ShmipcMessageProperties {

    /** Size of the largest message that is sent or received, its headers included. */
    private DataSize maxSize = DataSize.ofMegabytes(16);

    /** Number of calls of one message method that can be under way at once. Further messages wait in shared memory, without a thread. */
    private int concurrency = 256;

    /** How long a call to a listener may take, from its beginning to its reply. */
    private Duration callTimeout = Duration.ofSeconds(5);

    private final Retry retry = new Retry();

    public DataSize getMaxSize() {
        return maxSize;
    }

    public void setMaxSize(DataSize maxSize) {
        this.maxSize = maxSize;
    }

    public int getConcurrency() {
        return concurrency;
    }

    public void setConcurrency(int concurrency) {
        this.concurrency = concurrency;
    }

    public Duration getCallTimeout() {
        return callTimeout;
    }

    public void setCallTimeout(Duration callTimeout) {
        this.callTimeout = callTimeout;
    }

    public Retry getRetry() {
        return retry;
    }

    /** How calls are tried again of which nothing was sent. */
    public static final class Retry {

        /** Number of further attempts to make a call of which nothing was sent, 0 for none. */
        private int maxRetries = 5;

        /** Time before the first further attempt. It doubles each time. */
        private Duration delay = Duration.ofMillis(10);

        /** Longest time between two attempts. */
        private Duration maxDelay = Duration.ofMillis(500);

        public int getMaxRetries() {
            return maxRetries;
        }

        public void setMaxRetries(int maxRetries) {
            this.maxRetries = maxRetries;
        }

        public Duration getDelay() {
            return delay;
        }

        public void setDelay(Duration delay) {
            this.delay = delay;
        }

        public Duration getMaxDelay() {
            return maxDelay;
        }

        public void setMaxDelay(Duration maxDelay) {
            this.maxDelay = maxDelay;
        }
    }
}
