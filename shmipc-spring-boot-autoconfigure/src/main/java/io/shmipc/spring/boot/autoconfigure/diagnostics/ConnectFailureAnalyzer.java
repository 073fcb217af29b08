package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.ConnectException;
import io.shmipc.Reason;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains why no session could be made at start-up. */
final class ConnectFailureAnalyzer extends AbstractFailureAnalyzer<ConnectException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ConnectException cause) {
        return new FailureAnalysis(cause.getMessage(), action(cause.reason()), cause);
    }

    private static String action(Reason reason) {
        return switch (reason) {
            case HANDSHAKE_FAILED ->
                "Check that shmipc.client.address (for a named client shmipc.clients.<name>.address) is the address of "
                        + "a shmipc server, and not of something else.";
            case ACCESS_DENIED ->
                "Run both processes as users whom the server lets in, and name memory with shmipc.client.path-prefix "
                        + "(for a named client shmipc.clients.<name>.path-prefix) that the server may open.";
            default ->
                "Start the server first, or correct shmipc.client.address (for a named client "
                        + "shmipc.clients.<name>.address). With shmipc.client.fail-fast=false the application "
                        + "starts without the server, and connects as soon as it is there.";
        };
    }
}
