package io.shmipc.spring.client;

import java.io.Serial;

/** The listener answered a request with an error: its code for the program, its message for people. */
public class ShmipcRemoteException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String code;

    public ShmipcRemoteException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** Returns the code; {@link io.shmipc.spring.message.ErrorCodes} are the ones that listeners use themselves. */
    public String code() {
        return code;
    }
}
