package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.AddressException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains an address that cannot be listened on. */
final class AddressFailureAnalyzer extends AbstractFailureAnalyzer<AddressException> {

    private static final String IN_USE = "EADDRINUSE";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, AddressException cause) {
        return new FailureAnalysis(cause.getMessage(), action(String.valueOf(cause.getMessage())), cause);
    }

    private static String action(String message) {
        if (message.contains(IN_USE)) {
            return "If another instance of the application listens there, stop it first, or replace it without losing a "
                    + "call: start this one with shmipc.server.take-over=true, then stop the other. If something else "
                    + "listens there, choose another shmipc.server.address (for a named listener "
                    + "shmipc.listeners.<name>.address).";
        }
        return "Set shmipc.server.address (for a named listener shmipc.listeners.<name>.address) to a path in a "
                + "directory that exists and that this process may write, or to a free TCP port.";
    }
}
