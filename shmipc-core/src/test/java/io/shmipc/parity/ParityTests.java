package io.shmipc.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds docs/parity.md to its word: every element of the original's API has a counterpart that exists, and a test that
 * uses it by its name.
 */
@Timeout(20)
class ParityTests {

    private static final Path PAGE = Path.of("..", "docs", "parity.md");
    private static final Path TESTS = Path.of("src", "test", "java", "io", "shmipc");

    /** One line: an element of the original, {@code type#member} in Java, {@code package.Class.method} of a test. */
    private record Row(String seed, String java, String test) {
        static Row parse(String line) {
            List<String> cells = Arrays.stream(line.split("\\|", -1))
                    .map(cell -> cell.strip().replace("`", ""))
                    .toList();
            return new Row(cells.get(1), cells.get(2), cells.get(3));
        }

        String javaMember() {
            return java.substring(Math.max(java.lastIndexOf('#'), java.lastIndexOf('.')) + 1);
        }

        String testClass() {
            return test.substring(0, test.lastIndexOf('.'));
        }

        String testMethod() {
            return test.substring(test.lastIndexOf('.') + 1);
        }
    }

    static Stream<Row> rows() throws IOException {
        return Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .map(Row::parse);
    }

    @Test
    void everyElementOfTheSeedHasARow() throws IOException {
        try (InputStream names = ParityTests.class.getResourceAsStream("/seed-api.txt")) {
            List<String> seed = new String(Objects.requireNonNull(names).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(rows().map(Row::seed)).containsAll(seed).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theJavaNameExists(Row row) throws ClassNotFoundException {
        String[] parts = row.java().split("#", 2);
        Class<?> type = Class.forName(binaryName(parts[0]));
        if (parts.length == 2) {
            assertThat(Stream.concat(
                            Arrays.stream(type.getMethods()).map(method -> method.getName()),
                            Arrays.stream(type.getFields()).map(field -> field.getName())))
                    .as("members of " + type.getName())
                    .contains(parts[1]);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theTestRunsAndUsesTheJavaName(Row row) throws IOException {
        assertThat(row.testClass()).matches(".*(Tests|IT|Contract)");
        String source = Files.readString(TESTS.resolve(row.testClass().replace('.', '/') + ".java"));
        assertThat(textOfTest(source, row.testMethod()))
                .as(row.test())
                .containsPattern("\\b" + Pattern.quote(row.javaMember()) + "\\b");
    }

    /** Returns a test method from its annotations to its closing brace. */
    private static String textOfTest(String source, String method) {
        Matcher found = Pattern.compile(
                        "\n    @(?:Test|ParameterizedTest)\\b(?:(?!\n    }\n|\n\n).)*\\bvoid " + method
                                + "\\(.*?\n    }\n",
                        Pattern.DOTALL)
                .matcher(source);
        assertThat(found.find()).as("a test method " + method).isTrue();
        return found.group();
    }

    private static String binaryName(String name) {
        int nested = name.indexOf(".Builder");
        return nested < 0 ? name : name.substring(0, nested) + "$Builder";
    }
}
