package io.shmipc.benchmarks.transport;

/**
 * An open connection that one thread uses by blocking calls.
 *
 * <p><b>Threads:</b> one.
 */
interface Link extends AutoCloseable {

    /** Writes a message, which goes with the next {@link #flush}. */
    void put(long number) throws Exception;

    /** Sends what was put. */
    void flush() throws Exception;

    /** Waits for the next message and reads it. */
    void receive(long number) throws Exception;

    /** Tells the sender how many messages have come; sent at once. */
    void acknowledge(long had) throws Exception;

    /** Waits for the next acknowledgement and returns what it says. */
    long awaitAcknowledgement() throws Exception;

    @Override
    void close() throws Exception;
}
