package io.shmipc;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** This machine cannot run shmipc: not Linux, an unsupported processor, or JNA cannot load its library. */
public class UnsupportedPlatformException extends ShmipcException {

    @Serial
    private static final long serialVersionUID = 1L;

    public UnsupportedPlatformException(String message, @Nullable Throwable cause) {
        super(Reason.OS_NOT_SUPPORTED, message, cause);
    }
}
