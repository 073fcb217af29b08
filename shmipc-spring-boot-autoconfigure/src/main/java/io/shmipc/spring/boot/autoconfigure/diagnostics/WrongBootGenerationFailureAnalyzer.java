package io.shmipc.spring.boot.autoconfigure.diagnostics;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains a Spring Boot that is too old. */
final class WrongBootGenerationFailureAnalyzer extends AbstractFailureAnalyzer<WrongBootGenerationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, WrongBootGenerationException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Update the version of spring-boot-starter-parent or spring-boot-dependencies to 4.1 or newer. If that is "
                        + "what the build says, look with 'mvn dependency:tree' for who brings the older one.",
                cause);
    }
}
