package io.shmipc.channel;

import java.nio.ByteBuffer;

/**
 * Receives what a {@link MessageDecoder} found, in the order of the wire; owned here, provided above.
 *
 * <p><b>Threads:</b> the one that feeds the decoder.
 */
public interface MessageHandler {

    /**
     * Called with a complete message other than fallback data.
     *
     * @param version as its header says
     * @param payload valid during the call
     */
    void onMessage(MessageType type, int version, ByteBuffer payload);

    /**
     * Called when fallback data begins.
     *
     * @param bytes how many will follow
     */
    void onFallback(int streamId, int status, int bytes);

    /**
     * Called with each part of the fallback data that arrives.
     *
     * @param part valid during the call
     * @param last whether the message is complete with it
     */
    void onFallbackPart(ByteBuffer part, boolean last);
}
