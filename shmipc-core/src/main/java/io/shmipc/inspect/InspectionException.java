package io.shmipc.inspect;

import io.shmipc.Reason;
import io.shmipc.ShmipcException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * There is nothing to report: no such file or process, no permission, or no shmipc memory. The message is for people.
 */
public final class InspectionException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    InspectionException(Reason reason, String message) {
        super(reason, message);
    }

    InspectionException(Reason reason, String message, @Nullable Throwable cause) {
        super(reason, message, cause);
    }

    static InspectionException interrupted(@Nullable Throwable cause) {
        return new InspectionException(Reason.INTERRUPTED, "The inspection was interrupted.", cause);
    }
}
