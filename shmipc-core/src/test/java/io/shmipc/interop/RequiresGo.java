package io.shmipc.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Skips a test where the Go peer cannot be built, or has it fail where that is required. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresGo.Condition.class)
public @interface RequiresGo {

    /** Decides. */
    final class Condition extends PeerCondition {
        Condition() {
            super(Foreign.GO);
        }
    }
}
