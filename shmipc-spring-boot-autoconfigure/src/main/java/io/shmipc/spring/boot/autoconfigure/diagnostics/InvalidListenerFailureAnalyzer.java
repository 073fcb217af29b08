package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.spring.listener.InvalidListenerException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains listeners and methods that cannot work: wrong parameters, two for one listener, no such listener. */
final class InvalidListenerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidListenerException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidListenerException cause) {
        return new FailureAnalysis(cause.problem(), cause.remedy(), cause);
    }
}
