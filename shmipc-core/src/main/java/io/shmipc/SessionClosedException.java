package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The session is gone; a session manager opens a new one: {@link Reason#SESSION_SHUTDOWN} or what ended it. */
public class SessionClosedException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public SessionClosedException(Reason reason, String message) {
        super(reason, message);
    }

    public SessionClosedException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }
}
