package io.shmipc.inspect;

import java.io.Serial;

/** Memory is not what it was taken for; the message completes "as a region it …". */
final class UnrecognisedException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    UnrecognisedException(String message) {
        super(message);
    }
}
