package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Shared memory could not be made: {@link Reason#SHARE_MEMORY_NO_SPACE_LEFT}, {@link Reason#FILE_NAME_TOO_LONG} or
 * {@link Reason#SYSTEM_CALL_FAILED}.
 */
public class SharedMemoryException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public SharedMemoryException(Reason reason, String message) {
        super(reason, message);
    }

    public SharedMemoryException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }
}
