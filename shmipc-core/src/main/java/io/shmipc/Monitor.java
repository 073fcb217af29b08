package io.shmipc;

/**
 * Receives the metrics of every session at a fixed interval, and once more when the session ends.
 *
 * <p><b>Threads:</b> called from one background thread per process at a time; a slow monitor delays only other
 * monitors.
 */
public interface Monitor {

    /** Called with the metrics of one session. */
    void onEmitSessionMetrics(
            PerformanceMetrics performance,
            StabilityMetrics stability,
            ShareMemoryMetrics shareMemory,
            Session session);

    /** Called once after a session's last metrics. */
    void flush();
}
