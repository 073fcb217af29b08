package io.shmipc.sys;

import java.io.IOException;
import java.io.Serial;

/**
 * A system call that failed: which call, on what, and the error number it left.
 * The message reads like {@code bind(/run/x.sock) failed: EADDRINUSE (98), address already in use}.
 */
public final class NativeException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    /**
     * Describes a failed call.
     *
     * @param call the name of the system call
     * @param target what it was applied to: a path, an address, a size
     * @param errno the error number, one of {@link Errno}
     */
    public NativeException(String call, String target, int errno) {
        super(call + "(" + target + ") failed: " + Errno.name(errno) + " (" + errno + "), " + Errno.describe(errno));
        this.call = call;
        this.errno = errno;
    }

    /** Returns the name of the system call. */
    public String call() {
        return call;
    }

    /** Returns the error number, to be compared with the constants of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
