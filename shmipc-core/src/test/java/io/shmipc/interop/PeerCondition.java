package io.shmipc.interop;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a test where a peer that it talks to cannot be built; where the environment variable {@value Foreign#REQUIRED}
 * is "true" the test runs and fails instead.
 */
abstract class PeerCondition implements ExecutionCondition {

    private final Foreign peer;

    PeerCondition(Foreign peer) {
        this.peer = peer;
    }

    @Override
    public final ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Foreign.areRequired()) {
            return ConditionEvaluationResult.enabled(Foreign.REQUIRED + " is true");
        }
        return peer.problem()
                .map(problem -> ConditionEvaluationResult.disabled(
                        problem + " " + Foreign.REQUIRED + "=true makes this a failure."))
                .orElseGet(() -> ConditionEvaluationResult.enabled("the peer is there"));
    }
}
