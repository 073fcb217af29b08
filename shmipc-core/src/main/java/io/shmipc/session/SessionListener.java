package io.shmipc.session;

import io.shmipc.Stream;

/**
 * What a session tells whoever made it; owned here, provided by the client and server floors.
 *
 * <p><b>Threads:</b> {@link #onNewStream} runs where callbacks run; {@link #onHotRestart} and {@link #onHotRestartAck} on
 * the thread that drains the session, which may be one that waits for data; {@link #onClosed} on the event loop. Those
 * three must not block.
 */
public interface SessionListener {

    /** Returns whether new streams are passed to {@link #onNewStream}; otherwise they wait to be accepted. */
    default boolean takesStreams() {
        return false;
    }

    /** Called for each stream that the peer opened. */
    default void onNewStream(Stream stream) {}

    /** Called on a client when the server asks to connect to its successor. */
    default void onHotRestart(ShmipcSession session, long epoch) {}

    /** Called on a server when the client has done so. */
    default void onHotRestartAck(ShmipcSession session, long epoch) {}

    /** Called once when the session has ended and its descriptors are closed. */
    default void onClosed(ShmipcSession session, String reason) {}
}
