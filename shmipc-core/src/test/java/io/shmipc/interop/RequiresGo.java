package io.shmipc.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a test where the Go peer cannot be built; where the environment variable {@value GoPeer#REQUIRED} is "true" the
 * test runs and fails instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresGo.Condition.class)
public @interface RequiresGo {

    /** Decides. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (GoPeer.isRequired()) {
                return ConditionEvaluationResult.enabled(GoPeer.REQUIRED + " is true");
            }
            return GoPeer.problem()
                    .map(problem -> ConditionEvaluationResult.disabled(
                            problem + " " + GoPeer.REQUIRED + "=true makes this a failure."))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("the Go peer is there"));
        }
    }
}
