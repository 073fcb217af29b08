package io.shmipc.session;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a session counts.
 *
 * <p><b>Threads:</b> any.
 */
final class SessionCounters {

    final LongAdder receivedSyncEvents = new LongAdder();
    final LongAdder sentSyncEvents = new LongAdder();
    final LongAdder outFlowBytes = new LongAdder();
    final LongAdder inFlowBytes = new LongAdder();
    final LongAdder allocationFailures = new LongAdder();
    final LongAdder fallbackWrites = new LongAdder();
    final LongAdder fallbackReads = new LongAdder();
    final LongAdder connectionErrors = new LongAdder();
    final LongAdder queueFullErrors = new LongAdder();
    final LongAdder hotRestartSuccesses = new LongAdder();
    final LongAdder hotRestartErrors = new LongAdder();
}
