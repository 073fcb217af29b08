package io.shmipc.spring.listener;

import io.shmipc.Session;
import org.jspecify.annotations.Nullable;

/**
 * Is told what becomes of listeners and their sessions; owned here, provided by whoever wants to know.
 *
 * <p><b>Threads:</b> any; must not block.
 */
public interface ListenerObserver {

    /** Clients can connect from now on. */
    default void onStarted(ListenerContainer listener) {}

    /** The listener accepts no more clients, and waits for calls that are under way. */
    default void onDraining(ListenerContainer listener) {}

    /** The listener and all of its sessions are closed. */
    default void onStopped(ListenerContainer listener) {}

    /** A client has connected. */
    default void onSessionOpened(ListenerContainer listener, Session session) {}

    /** A session has ended, for whatever reason. */
    default void onSessionClosed(ListenerContainer listener, Session session, String reason) {}

    /** The clients are asked to connect to a successor. */
    default void onHotRestartBegun(ListenerContainer listener) {}

    /** All clients have connected to the successor, or could not. */
    default void onHotRestartDone(ListenerContainer listener, @Nullable Throwable failure) {}
}
