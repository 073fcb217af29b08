package io.shmipc.spring.boot.autoconfigure;

/** Where stream callbacks run. */
public enum CallbackExecution {
    /** On threads of their own: virtual ones if {@code spring.threads.virtual.enabled}, else pooled daemon threads. */
    EXECUTOR,
    /** On the thread that drains the queue: the shortest way, and a slow callback delays its whole session. */
    INLINE
}
