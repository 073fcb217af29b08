package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.AddressException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains an address that cannot be listened on. */
final class AddressFailureAnalyzer extends AbstractFailureAnalyzer<AddressException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, AddressException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Set shmipc.server.address to a path in a directory that exists and that this process may write, or to "
                        + "a free TCP port. If another instance of the application listens there, stop it first.",
                cause);
    }
}
