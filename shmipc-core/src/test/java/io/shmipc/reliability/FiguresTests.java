package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
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
    void withoutAReportNothingIsWritten() throws Exception {
        System.clearProperty(REPORT);
        Figures.keep("some.figure", 1, "try", figure -> "1");
        assertThat(Files.exists(report)).isFalse();
    }
}
