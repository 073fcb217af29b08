package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.spring.annotation.InvalidDeclarationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains listeners, methods and interfaces of clients that cannot work: wrong parameters, a bad timeout, two for one
 * listener, no such client or listener.
 */
final class InvalidDeclarationFailureAnalyzer extends AbstractFailureAnalyzer<InvalidDeclarationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidDeclarationException cause) {
        return new FailureAnalysis(cause.problem(), cause.remedy(), cause);
    }
}
