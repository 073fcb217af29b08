package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The address cannot be listened on: {@link Reason#ADDRESS_UNUSABLE}; the message says what to change. */
public class AddressException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public AddressException(Reason reason, String message) {
        super(reason, message);
    }

    public AddressException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }
}
