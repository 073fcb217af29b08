package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@Timeout(10)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class FiguresTests {

    private static final Pattern KEPT = Pattern.compile("Figures\\.keep\\(\\s*\"([a-z.]+)\"");
    private static final Pattern COUNT = Pattern.compile("(?m)^([a-z.]+) \\d+$");
    private static final String REPORT = "shmipc.reliability.report";

    @TempDir
    Path directory;

    private Path report;
    private String reportBefore;

    @BeforeEach
    void reportAside() {
        report = directory.resolve("report.tsv");
        reportBefore = System.setProperty(REPORT, report.toString());
    }

    @AfterEach
    void reportAsBefore() {
        System.clearProperty("shmipc.reliability.some.figure");
        if (reportBefore == null) {
            System.clearProperty(REPORT);
        } else {
            System.setProperty(REPORT, reportBefore);
        }
    }

    @Test
    void aFigureThatIsKeptPasses() throws Exception {
        Figures.keep("some.figure", 1200, "tries", figure -> figure.count() + " of them\nin two lines");
        assertThat(report).hasContent("some.figure\t1,200 tries\t1200 of them\tpass\n");
    }

    @Test
    void aPropertySaysHowOften() throws Exception {
        System.setProperty("shmipc.reliability.some.figure", "7");
        Figures.keep("some.figure", 1200, "tries", figure -> "" + figure.count());
        assertThat(report).hasContent("some.figure\t7 tries\t7\tpass\n");
    }

    @Test
    void aFigureThatFallsShortFailsItsTestAndIsReported() {
        assertThatThrownBy(() -> Figures.keep("some.figure", 2, "tries", figure -> {
                    throw new AssertionError("\nonly\tone");
                }))
                .isInstanceOf(AssertionError.class);
        assertThat(report).hasContent("some.figure\t2 tries\tonly one\tfail\n");
    }

    @Test
    void aFigureFallsShortAfterAllIfItsTestFailsWhenItCleansUp() throws Exception {
        Figures.Aftermath aftermath = new Figures.Aftermath();
        Figures.keep("some.figure", 2, "tries", figure -> "2");
        aftermath.testFailed(null, new AssertionError("\na file is left\nbehind"));
        String kept = "some.figure\t2 tries\t2\tpass\n";
        String takenBack = "some.figure\t2 tries\tafterwards: a file is left\tfail\n";
        assertThat(report).hasContent(kept + takenBack);
        aftermath.beforeEach(null);
        aftermath.testFailed(null, new AssertionError("another test fails before it has a figure"));
        assertThat(report).content().hasLineCount(2);
    }

    @Test
    void everyFigureHasItsFullCountInTheScript() throws Exception {
        Set<String> kept = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
            for (Path file : files.filter(path -> path.toString().matches(".*(IT|Tests)\\.java"))
                    .filter(path -> !path.endsWith("FiguresTests.java"))
                    .toList()) {
                KEPT.matcher(Files.readString(file)).results().forEach(match -> kept.add(match.group(1)));
            }
        }
        assertThat(kept).isNotEmpty();
        String script = Files.readString(Path.of("..", "scripts", "reliability.sh"));
        assertThat(COUNT.matcher(script).results().map(match -> match.group(1)))
                .containsExactlyInAnyOrderElementsOf(kept);
    }

    @Test
    void withoutAReportNothingIsWritten() throws Exception {
        System.clearProperty(REPORT);
        Figures.keep("some.figure", 1, "try", figure -> "1");
        assertThat(Files.exists(report)).isFalse();
    }
}
