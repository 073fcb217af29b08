package io.shmipc.shm;

import io.shmipc.ProtocolException;
import io.shmipc.Reason;
import java.io.Serial;

/** Shared memory holds something that a correct peer never writes; the session over it must end. */
public final class CorruptMemoryException extends ProtocolException {

    @Serial
    private static final long serialVersionUID = 1L;

    public CorruptMemoryException(String message) {
        super(Reason.PROTOCOL_VIOLATION, "Corrupt shared memory: " + message + ".");
    }
}
