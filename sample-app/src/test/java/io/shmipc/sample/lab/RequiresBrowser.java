package io.shmipc.sample.lab;

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
 * Skips a test where Chromium or its driver is missing; where the environment variable SHMIPC_REQUIRE_BROWSER is "true"
 * the test runs and fails instead.
 */
@Tag("browser")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresBrowser.Condition.class)
@interface RequiresBrowser {

    /** Decides. */
    final class Condition implements ExecutionCondition {

        private static final String REQUIRED = "SHMIPC_REQUIRE_BROWSER";

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if ("true".equals(System.getenv(REQUIRED))) {
                return ConditionEvaluationResult.enabled(REQUIRED + " is true");
            }
            return Browser.isThere()
                    ? ConditionEvaluationResult.enabled("Chromium is there")
                    : ConditionEvaluationResult.disabled("There is no Chromium with its driver on the PATH: install"
                            + " chromium and chromium-driver. " + REQUIRED + "=true makes this a failure.");
        }
    }
}
