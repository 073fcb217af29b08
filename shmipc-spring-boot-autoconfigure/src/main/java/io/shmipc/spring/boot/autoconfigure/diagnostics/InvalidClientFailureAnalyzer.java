package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.spring.client.InvalidClientException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains interfaces of clients that cannot work: wrong parameters, a bad timeout, no such client. */
final class InvalidClientFailureAnalyzer extends AbstractFailureAnalyzer<InvalidClientException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidClientException cause) {
        return new FailureAnalysis(cause.problem(), cause.remedy(), cause);
    }
}
