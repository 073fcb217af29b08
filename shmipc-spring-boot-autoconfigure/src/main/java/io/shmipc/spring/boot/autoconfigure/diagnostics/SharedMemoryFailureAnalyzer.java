package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.Reason;
import io.shmipc.SharedMemoryException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains why there is no shared memory. */
final class SharedMemoryFailureAnalyzer extends AbstractFailureAnalyzer<SharedMemoryException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SharedMemoryException cause) {
        return new FailureAnalysis(cause.getMessage(), action(cause.reason()), cause);
    }

    private static String action(Reason reason) {
        return switch (reason) {
            case SHARE_MEMORY_NO_SPACE_LEFT ->
                "Lower shmipc.client.buffer-capacity (for a named client shmipc.clients.<name>.buffer-capacity), or "
                        + "enlarge what is too small: the memory file system, in a container with --shm-size or an "
                        + "emptyDir of medium Memory, or the memory limit of the container, with --memory or "
                        + "resources.limits.memory.";
            case FILE_NAME_TOO_LONG ->
                "Shorten shmipc.client.path-prefix (for a named client shmipc.clients.<name>.path-prefix).";
            default ->
                "Check that the directory of shmipc.client.path-prefix (for a named client "
                        + "shmipc.clients.<name>.path-prefix) exists and can be written, or use "
                        + "shmipc.client.memory-type=memfd, which needs none.";
        };
    }
}
