package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * No session could be made: {@link Reason#CONNECTION_FAILED}, {@link Reason#HANDSHAKE_FAILED} or {@link
 * Reason#ACCESS_DENIED}.
 */
public class ConnectException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public ConnectException(Reason reason, String message) {
        super(reason, message);
    }

    public ConnectException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }
}
