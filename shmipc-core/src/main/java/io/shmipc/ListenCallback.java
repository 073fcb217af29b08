package io.shmipc;

/**
 * What a listener tells its owner.
 *
 * <p><b>Threads:</b> any thread of the callback executor; calls for different streams may overlap.
 */
public interface ListenCallback {

    /** Called for each stream that a peer opened, before any of its data; set the stream's callbacks here. */
    void onNewStream(Stream stream);

    /** Called once when the listener has stopped. */
    default void onShutdown(String reason) {}

    /** Called when a peer has finished its handshake. */
    default void onNewSession(Session session) {}

    /** Called when a session has ended. */
    default void onSessionClosed(Session session) {}
}
