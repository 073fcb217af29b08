package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The stream is closed, or its peer sends nothing more: {@link Reason#STREAM_CLOSED} or {@link Reason#END_OF_STREAM}.
 */
public class StreamClosedException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public StreamClosedException(Reason reason, String message) {
        super(reason, message);
    }

    public StreamClosedException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }
}
