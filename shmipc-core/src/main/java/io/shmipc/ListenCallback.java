package io.shmipc;

/**
 * What a listener tells its owner.
 *
 * <p><b>Threads:</b> any thread of the callback executor; calls for different streams may overlap. A session that ends
 * at once may be told as closed before it is told as new.
 */
public interface ListenCallback {

    /** Called for each stream that a peer opened, before any of its data; set the stream's callbacks here. */
    void onNewStream(Stream stream);

    /** Called once when the listener has stopped, by the thread that closed it. */
    default void onShutdown(String reason) {}

    /** Called when a peer has finished its handshake. */
    default void onNewSession(Session session) {}

    /** Called when a session has ended. */
    default void onSessionClosed(Session session) {}
}
