package io.shmipc.spring.boot.autoconfigure.aot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** The library has the name of each class that it looks up as a text of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"linux-x86-64", "linux-aarch64"})
    void everyTypeThatTheNativeLibraryNamesHasAHint(String processor) throws IOException {
        List<String> named = Arrays.stream(texts("com/sun/jna/" + processor + "/libjnidispatch.so"))
                .filter(text -> text.matches("(java|com/sun/jna)/[\\w/$]+"))
                .map(text -> text.replace('/', '.'))
                .distinct()
                .toList();

        assertThat(named)
                .hasSizeGreaterThan(40)
                .contains("com.sun.jna.Native", "com.sun.jna.Pointer", "java.nio.ByteBuffer");
        assertThat(hints.jni().typeHints().map(hint -> hint.getType().getName()))
                .containsAll(named);
    }

    private String[] texts(String library) throws IOException {
        try (InputStream bytes = getClass().getClassLoader().getResourceAsStream(library)) {
            return new String(Objects.requireNonNull(bytes, library).readAllBytes(), StandardCharsets.ISO_8859_1)
                    .split("\0", -1);
        }
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
