package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The peer or the memory is too busy now; try again later: {@link Reason#QUEUE_FULL}, {@link Reason#WRITE_BUFFER_FULL},
 * {@link Reason#SESSION_UNHEALTHY} or {@link Reason#STREAMS_EXHAUSTED}.
 */
public class BackPressureException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public BackPressureException(Reason reason, String message) {
        super(reason, message);
    }

    public BackPressureException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }
}
