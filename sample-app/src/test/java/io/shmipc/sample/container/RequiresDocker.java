package io.shmipc.sample.container;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a test where no Docker engine answers or the sample has no jar; where the environment variable
 * {@value Engine#REQUIRED} is "true" the test runs and fails instead.
 */
@Tag("containers")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresDocker.Condition.class)
@interface RequiresDocker {

    /** Decides. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Engine.isRequired()) {
                return ConditionEvaluationResult.enabled(Engine.REQUIRED + " is true");
            }
            return Engine.problem()
                    .map(problem -> ConditionEvaluationResult.disabled(
                            problem + " " + Engine.REQUIRED + "=true makes this a failure."))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("a Docker engine answers"));
        }
    }
}
