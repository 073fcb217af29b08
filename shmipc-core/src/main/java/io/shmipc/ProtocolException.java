package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The peer broke the protocol and lost its session: {@link Reason#PROTOCOL_VIOLATION}, {@link Reason#INVALID_VERSION}
 * or {@link Reason#INVALID_MESSAGE_TYPE}.
 */
public class ProtocolException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public ProtocolException(Reason reason, String message) {
        super(reason, message);
    }

    public ProtocolException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }
}
