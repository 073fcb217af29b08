package io.shmipc;

/**
 * What happens on a stream, told as it happens.
 *
 * <p><b>Threads:</b> the calls for one stream never overlap and come in order; different streams are called in
 * parallel, on the configured callback executor. A slow callback delays only its own stream.
 */
public interface StreamCallbacks {

    /**
     * Called when bytes have arrived. It is called again when more arrive, whether or not all were consumed; the reader
     * and its spans are valid until this method returns.
     */
    void onData(BufferReader reader);

    /** Called once when the stream was closed by this process. */
    void onLocalClose();

    /**
     * Called once when the peer closed the stream or the session ended, after everything the peer sent was delivered.
     */
    void onRemoteClose();
}
