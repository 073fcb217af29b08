package io.shmipc;

/** What a flush does when the peer has not drained its queue and the queue is full. */
public enum BackPressure {
    /** Waits for room until the stream's write deadline; without one as long as stream and session are open. */
    BLOCK,
    /** Throws {@link BackPressureException} with {@link Reason#QUEUE_FULL} at once, whatever the write deadline. */
    FAIL,
    /** Waits until the write deadline; without one for {@link ShmipcConfig#backPressureTimeout()}, then as FAIL. */
    TIMEOUT
}
