package io.shmipc.spring.event;

import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a listener or a session:
 *
 * <pre>{@code
 * @EventListener
 * void onLost(ShmipcEvent.SessionClosed event) { … }
 * }</pre>
 */
public sealed interface ShmipcEvent {

    /** Returns the name of the listener or client that it happened to. */
    String name();

    /**
     * Clients can connect.
     *
     * @param name the listener's
     * @param address where it listens, with the actual port
     */
    record ListenerStarted(String name, ShmipcAddress address) implements ShmipcEvent {}

    /**
     * A listener waits for calls that are under way, then stops.
     *
     * @param name the listener's
     */
    record ListenerDraining(String name) implements ShmipcEvent {}

    /**
     * A listener and all of its sessions are closed.
     *
     * @param name the listener's
     */
    record ListenerStopped(String name) implements ShmipcEvent {}

    /**
     * A session has begun.
     *
     * @param name the client's or the listener's
     * @param session client or server side of the session
     */
    record SessionOpened(String name, Session session) implements ShmipcEvent {}

    /**
     * A session has ended. Sessions that end because the application closes its clients are not told of.
     *
     * @param name the client's or the listener's
     * @param session client or server side of the session
     * @param reason why, as a clause
     */
    record SessionClosed(String name, Session session, String reason) implements ShmipcEvent {}

    /**
     * The clients of a listener are asked to connect to its successor.
     *
     * @param name the listener's
     */
    record HotRestartBegun(String name) implements ShmipcEvent {}

    /**
     * All clients have connected to the successor, or some could not.
     *
     * @param name the listener's
     * @param failure why some could not; null if all have
     */
    record HotRestartDone(String name, @Nullable Throwable failure) implements ShmipcEvent {}
}
