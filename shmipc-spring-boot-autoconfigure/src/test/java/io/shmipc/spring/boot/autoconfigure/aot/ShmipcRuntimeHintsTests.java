package io.shmipc.spring.boot.autoconfigure.aot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeHint;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.ClassUtils;

class ShmipcRuntimeHintsTests {

    private final RuntimeHints hints = new RuntimeHints();

    ShmipcRuntimeHintsTests() {
        new ShmipcRuntimeHints().registerHints(hints, null);
    }

    /** A name that JNA or the engine no longer has would be a hint for nothing. */
    @Test
    void everyTypeThatHasAHintExists() {
        List<TypeHint> types = hints.jni().typeHints().toList();

        assertThat(types)
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        hint -> assertThat(ClassUtils.isPresent(hint.getType().getName(), null))
                                .as(hint.getType().getName())
                                .isTrue());
    }

    @Test
    void theNativeLibrariesOfBothProcessorsAreResources() {
        for (String processor : List.of("linux-x86-64", "linux-aarch64")) {
            String library = "com/sun/jna/" + processor + "/libjnidispatch.so";
            assertThat(RuntimeHintsPredicates.resource().forResource(library)).accepts(hints);
            assertThat(getClass().getClassLoader().getResource(library))
                    .as(library)
                    .isNotNull();
        }
    }

    @Test
    void aheadOfTimeProcessingFindsTheRegistrar() {
        assertThat(SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                        .load(org.springframework.aot.hint.RuntimeHintsRegistrar.class))
                .hasAtLeastOneElementOfType(ShmipcRuntimeHints.class);
    }
}
