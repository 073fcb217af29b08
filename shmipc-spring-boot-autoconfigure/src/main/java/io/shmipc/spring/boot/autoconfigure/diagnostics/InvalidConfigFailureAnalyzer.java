package io.shmipc.spring.boot.autoconfigure.diagnostics;

import io.shmipc.InvalidConfigException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains a configuration that the application's own code made and the engine refused. */
final class InvalidConfigFailureAnalyzer extends AbstractFailureAnalyzer<InvalidConfigException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidConfigException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.remedy() + ".", cause);
    }
}
