package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.UnsupportedPlatformException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains why this machine cannot run shmipc: wrong system, or JNA cannot load its native library. */
final class UnsupportedPlatformFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedPlatformException> {

    private static final String OTHER_PLATFORM = "Run the application on Linux on x86-64 or aarch64. Elsewhere, switch "
            + "shmipc off with shmipc.client.enabled=false and shmipc.server.enabled=false.";

    private static final String LIBRARY_NOT_LOADED = "JNA unpacks its library to the temporary directory. If programs "
            + "may not be run from there (noexec), name another with -Djna.tmpdir=DIRECTORY. If files cannot be "
            + "written, install the library and set -Djna.boot.library.path=DIRECTORY and -Djna.noclasspath=true. "
            + "If native access is denied, allow it with --enable-native-access=ALL-UNNAMED.";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedPlatformException cause) {
        String action = isLinkage(cause.getCause()) ? LIBRARY_NOT_LOADED : OTHER_PLATFORM;
        return new FailureAnalysis(cause.getMessage(), action, cause);
    }

    /** The first attempt fails with UnsatisfiedLinkError, later ones with NoClassDefFoundError. */
    private static boolean isLinkage(@Nullable Throwable cause) {
        for (Throwable current = cause; current != null; current = current.getCause()) {
            if (current instanceof LinkageError || current instanceof IllegalCallerException) {
                return true;
            }
        }
        return false;
    }
}
