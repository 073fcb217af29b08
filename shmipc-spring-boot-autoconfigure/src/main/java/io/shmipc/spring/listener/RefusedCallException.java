package io.shmipc.spring.listener;

import io.shmipc.spring.message.ErrorReplyException;
import java.io.Serial;

/** A method was not called: the request or the load is to blame, and not what the method did. */
final class RefusedCallException extends ErrorReplyException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Exception reason;

    RefusedCallException(String code, String message, Exception reason) {
        super(code, message, reason);
        this.reason = reason;
    }

    /** Returns what error handlers are told. */
    Exception reason() {
        return reason;
    }
}
