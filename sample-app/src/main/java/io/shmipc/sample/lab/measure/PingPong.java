package io.shmipc.sample.lab.measure;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One stream or connection to an echo in the server's process.
 *
 * <p>Each does what its interface is made for: the message is in a buffer of the application's, and every byte of the
 * answer is read where the interface puts it, in a buffer for the socket or in shared memory.
 *
 * <p><b>Threads:</b> one at a time.
 */
interface PingPong extends AutoCloseable {

    /**
     * Sends the message, from position to limit, which stay, and waits until it is back.
     *
     * @return the {@link Checksum} of what came back
     */
    long roundTrip(ByteBuffer message) throws IOException;

    @Override
    void close() throws IOException;
}
