package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.UnsupportedPlatformException;
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

    /** What the engine says of a native library that it could not load; the cause itself it does not pass on. */
    private static final String ENGINE_SAYS = "JNA could not be loaded";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedPlatformException cause) {
        String message = String.valueOf(cause.getMessage());
        return message.startsWith(ENGINE_SAYS)
                ? new FailureAnalysis(firstSentence(message), LIBRARY_NOT_LOADED, cause)
                : new FailureAnalysis(message, OTHER_PLATFORM, cause);
    }

    /** Leaves out the engine's remedy: the action says more. */
    private static String firstSentence(String message) {
        int end = message.indexOf("). ");
        return end < 0 ? message : message.substring(0, end + 2);
    }
}
