package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds docs/reliability.md to its word: the tests that it names are there. */
@Timeout(20)
class ReliabilityPageTests {

    private static final Path PAGE = Path.of("..", "docs", "reliability.md");
    private static final List<Path> SOURCES =
            List.of(Path.of("src", "test", "java"), Path.of("..", "sample-app", "src", "test", "java"));
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Tests|IT|Contract))(?:\\.(\\w+))?`");

    private record Named(String type, String method) {}

    static Stream<Named> named() throws IOException {
        return TEST.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult match) -> new Named(match.group(1), match.group(2)))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("named")
    void theTestIsThere(Named test) throws IOException {
        String source = Files.readString(fileOf(test.type()));
        if (test.method() != null) {
            assertThat(source).contains(" " + test.method() + "(");
        }
    }

    private static Path fileOf(String type) throws IOException {
        for (Path root : SOURCES) {
            try (Stream<Path> files = Files.walk(root)) {
                List<Path> found = files.filter(
                                file -> file.getFileName().toString().equals(type + ".java"))
                        .toList();
                if (!found.isEmpty()) {
                    return found.get(0);
                }
            }
        }
        throw new AssertionError("there is no test class " + type);
    }
}
