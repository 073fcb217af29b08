package io.shmipc.spring.listener;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the handlers of one listener count, and whether they take messages still.
 *
 * <p><b>Threads:</b> any.
 */
final class HandlerCalls {

    private final ActiveCalls active = new ActiveCalls();
    private final LongAdder errors = new LongAdder();
    private volatile boolean refusing;

    /** Returns the counter of calls under way. */
    ActiveCalls active() {
        return active;
    }

    /** Returns the counter of calls that failed and of messages that were refused. */
    LongAdder errors() {
        return errors;
    }

    /** Returns whether messages that arrive are refused, because the listener is about to close. */
    boolean areRefused() {
        return refusing;
    }

    void refuse(boolean value) {
        refusing = value;
    }
}
