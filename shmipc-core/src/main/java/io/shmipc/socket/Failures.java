package io.shmipc.socket;

import io.shmipc.SessionClosedException;
import io.shmipc.ShmipcException;
import io.shmipc.StreamClosedException;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** Says what the engine says in the words of sockets; software looks at the types, people at the rest. */
final class Failures {

    private Failures() {}

    /** Returns what a read or a write throws after the socket was closed. */
    static SocketException closed(@Nullable Throwable cause) {
        return withCause("Socket closed", cause);
    }

    /**
     * Returns what a read or a write throws when the engine throws.
     *
     * @param closedHere whether the socket was closed on this side
     */
    static SocketException of(ShmipcException cause, boolean closedHere) {
        if (closedHere) {
            return closed(cause);
        }
        if (cause instanceof SessionClosedException) {
            return withCause("Connection reset: " + cause.getMessage(), cause);
        }
        if (cause instanceof StreamClosedException) {
            return withCause("Broken pipe: " + cause.getMessage(), cause);
        }
        return withCause(String.valueOf(cause.getMessage()), cause);
    }

    private static SocketException withCause(String message, @Nullable Throwable cause) {
        SocketException exception = new SocketException(message);
        if (cause != null) {
            exception.initCause(cause);
        }
        return exception;
    }
}
