package io.shmipc.interop;

import io.shmipc.ShmipcAddress;
import java.time.Duration;

/**
 * A server in another process that stays for the next one, driven by these lines.
 *
 * <pre>
 * stats    asks it    STATS {…}
 * close    ends it    DONE {…}
 * </pre>
 */
record ServedElsewhere(ChildProcess process, ShmipcAddress address, String prefix) implements ServerPeer {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Override
    public Totals totals() {
        process.command("stats");
        return Totals.of(process.awaitJsonDespiteFailures("STATS", PATIENCE));
    }

    @Override
    public Totals finish() {
        process.command("close");
        return Totals.of(process.awaitJsonDespiteFailures("DONE", PATIENCE));
    }

    /** A server that a failed test left running makes way for the next one. */
    @Override
    public void close() {}
}
