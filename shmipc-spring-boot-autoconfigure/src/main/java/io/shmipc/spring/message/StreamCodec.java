package io.shmipc.spring.message;

import io.shmipc.BufferReader;
import io.shmipc.BufferWriter;

/**
 * Says where a message ends in the bytes of a stream, and what is in it: the place to speak a format of one's own.
 *
 * <p>A bean of this type takes the place of the {@link EnvelopeCodec} for listeners and clients alike; a listener's
 * methods can name another one. A format without routes gives messages an empty header map, and they go to the method
 * without a route; one without correlation numbers gives 0, and a stream's replies then come in the order of its
 * requests.
 *
 * <p><b>Threads:</b> any, for different streams at once.
 */
public interface StreamCodec {

    /**
     * Returns whether a whole message has arrived, so that {@link #decode} does not wait. Consumes nothing.
     *
     * @throws MalformedMessageException if what has arrived can never become a message
     */
    boolean isComplete(BufferReader reader);

    /**
     * Reads one message, and waits for the rest of it as the reader does. The payload may be a span of the reader.
     *
     * @throws MalformedMessageException if the bytes are no message; the stream is of no use afterwards
     */
    WireMessage decode(BufferReader reader);

    /**
     * Writes one message; the caller flushes the stream.
     *
     * @throws MalformedMessageException if the message cannot be written; nothing has been written then
     */
    void encode(WireMessage message, BufferWriter writer);
}
