package io.shmipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What every refusal of a configured value has in common. */
final class Refusals {

    private Refusals() {}

    /** Makes sure that a refusal names the property, the value, the rule and what to do. */
    static void assertRefused(ThrowingCallable build, String property, String value, String rule) {
        assertThatThrownBy(build).isInstanceOfSatisfying(InvalidConfigException.class, e -> {
            assertThat(e.reason()).isEqualTo(Reason.INVALID_CONFIGURATION);
            assertThat(e.property()).isEqualTo(property);
            assertThat(e.value()).isEqualTo(value);
            assertThat(e.remedy()).isNotBlank();
            assertThat(e.getMessage())
                    .startsWith(property + " is " + value + ": it must ")
                    .contains(rule)
                    .endsWith(". " + e.remedy() + ".");
        });
    }
}
