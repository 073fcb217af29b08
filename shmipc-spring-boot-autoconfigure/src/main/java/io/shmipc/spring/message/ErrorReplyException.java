package io.shmipc.spring.message;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown by a message method to choose the error reply itself: its code and its text. */
public class ErrorReplyException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code what a program at the other end decides by; {@link ErrorCodes} are the ones that listeners use
     * @param message what a person at the other end reads
     */
    public ErrorReplyException(String code, String message) {
        this(code, message, null);
    }

    /**
     * @param code what a program at the other end decides by; {@link ErrorCodes} are the ones that listeners use
     * @param message what a person at the other end reads
     * @param cause why; it stays on this side
     */
    public ErrorReplyException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Returns the code of the error reply. */
    public String code() {
        return code;
    }
}
