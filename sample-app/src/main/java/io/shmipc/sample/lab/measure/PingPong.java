package io.shmipc.sample.lab.measure;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One stream or connection to an echo in the server's process.
 *
 * <p>Each does what its interface is made for: the message is in a buffer of the application's, and the answer can be
 * read from a buffer in the end, which is the socket's or lies in shared memory.
 *
 * <p><b>Threads:</b> one at a time.
 */
interface PingPong extends AutoCloseable {

    /** Sends the message, from position to limit, which stay, and waits until it is back. */
    void roundTrip(ByteBuffer message) throws IOException;

    @Override
    void close() throws IOException;
}
