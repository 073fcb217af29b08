package io.shmipc.spring.message;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import java.io.Serial;

/** A message breaks a rule of its format: {@link Reason#PROTOCOL_VIOLATION}; names the value and the rule. */
public class MalformedMessageException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(Reason.PROTOCOL_VIOLATION, message);
    }
}
