package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A deadline passed: {@link Reason#TIMEOUT} or {@link Reason#CONNECTION_WRITE_TIMEOUT}. */
public class ShmipcTimeoutException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public ShmipcTimeoutException(Reason reason, String message) {
        super(reason, message);
    }

    public ShmipcTimeoutException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }
}
