package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that shmipc throws; {@link #reason()} tells the condition.
 *
 * <p>Subclasses exist where callers handle a condition differently. Messages name the value, the rule and the remedy.
 */
public class ShmipcException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public ShmipcException(Reason reason, String message) {
        this(reason, message, null);
    }

    public ShmipcException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns the condition that was met. */
    public Reason reason() {
        return reason;
    }
}
