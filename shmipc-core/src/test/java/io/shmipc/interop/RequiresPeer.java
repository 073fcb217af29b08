package io.shmipc.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a test where a peer that it talks to cannot be built; where the environment variable {@value Foreign#REQUIRED} is
 * "true" the test runs and fails instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresPeer.Condition.class)
@interface RequiresPeer {

    Foreign[] value();

    /** Decides. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Foreign.areRequired()) {
                return ConditionEvaluationResult.enabled(Foreign.REQUIRED + " is true");
            }
            return context.getElement().stream()
                    .flatMap(element -> Arrays.stream(element.getAnnotationsByType(RequiresPeer.class)))
                    .flatMap(required -> Arrays.stream(required.value()))
                    .map(Foreign::problem)
                    .flatMap(Optional::stream)
                    .findFirst()
                    .map(problem -> ConditionEvaluationResult.disabled(
                            problem + " " + Foreign.REQUIRED + "=true makes this a failure."))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("the peer is there"));
        }
    }
}
