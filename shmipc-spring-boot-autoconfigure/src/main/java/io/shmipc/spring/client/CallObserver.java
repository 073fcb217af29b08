package io.shmipc.spring.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Is told of every call that a template makes: for observations, and to send context along.
 *
 * <p><b>Threads:</b> calls begin on the caller's; asynchronous ones end on a callback thread.
 */
@FunctionalInterface
public interface CallObserver {

    /**
     * A call begins.
     *
     * @param client name of the template
     * @param route where it goes
     * @param headers what is sent with it; the observer may add to it
     * @return is told how it ends
     */
    Outcome begin(String client, String route, Map<String, Object> headers);

    /** How a call ends. */
    @FunctionalInterface
    interface Outcome {

        /** The call has ended, with a failure or without. */
        void ended(@Nullable Throwable failure);
    }
}
