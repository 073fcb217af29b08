package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A hot restart cannot begin now: {@link Reason#HOT_RESTART_IN_PROGRESS} or {@link Reason#IN_HANDSHAKE_STAGE}. */
public class HotRestartException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public HotRestartException(Reason reason, String message) {
        super(reason, message);
    }

    public HotRestartException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }
}
