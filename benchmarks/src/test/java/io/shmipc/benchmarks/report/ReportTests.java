package io.shmipc.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From samples to the page. */
@Timeout(20)
class ReportTests {

    @TempDir
    private Path directory;

    private Results group(String name) throws IOException {
        return Results.create(directory.resolve("samples"), name);
    }

    private String page() throws IOException {
        Path pages = directory.resolve("pages");
        Report.write(Results.readAll(directory.resolve("samples")), pages);
        return Files.readString(pages.resolve("performance.md"));
    }

    private static Sample touch(String pair, int bytes, int round, double nanos) {
        return new Sample(pair, "touch", bytes, round, Map.of("p50", nanos, "rate", 1e9 / nanos));
    }

    @Test
    void aGoalIsHeldAgainstTheMedianOfTheRounds() throws IOException {
        Results touch = group("touch");
        double[] nanos = {900, 200, 240};
        for (int round = 0; round < nanos.length; round++) {
            touch.add(touch("shmipc", 64, round, nanos[round]));
            touch.add(touch("floor", 64, round, 100));
        }
        assertThat(page())
                .contains("| 64 B … 16 KiB touch | ≤ 0.5 µs | 0.240 µs | pass |")
                .contains("| 64 B … 16 KiB touch | ≤ 2 × floor | 2.40 × floor | **fail** |")
                .contains("0.240 (0.200 … 0.900)");
    }

    @Test
    void aGoalThatSpansSizesIsHeldAgainstTheWorstOfThem() throws IOException {
        Results touch = group("touch");
        touch.add(touch("shmipc", 64, 0, 200));
        touch.add(touch("shmipc", 16 << 10, 0, 501));
        assertThat(page()).contains("| ≤ 0.5 µs | 0.501 µs | **fail** |");
    }

    @Test
    void whatWasNotMeasuredIsNoPass() throws IOException {
        group("touch").add(touch("shmipc", 64, 0, 200));
        assertThat(page()).contains("| ≤ 2 × floor | – | not measured |").doesNotContain("NaN");
    }

    @Test
    void groupsThatWereMeasuredApartAreOnePage() throws IOException {
        group("touch").add(touch("shmipc", 64, 0, 200));
        Results paced = group("paced");
        paced.addFact("Machine: two cores");
        paced.add(new Sample("shmipc", "paced", 64, 0, Map.of("cpu", 60_000.0)));
        paced.add(new Sample("shmipc-park", "paced", 64, 0, Map.of("cpu", 50_000.0)));
        assertThat(page())
                .contains("- Machine: two cores")
                .contains("| ≤ 1.2 × `park` at one message per ms | 1.20 × park | pass |")
                .contains("0.200 µs");
    }

    @Test
    void measuringAGroupAgainReplacesItsSamples() throws IOException {
        group("touch").add(touch("shmipc", 64, 0, 900));
        group("touch").add(touch("shmipc", 64, 0, 300));
        assertThat(page()).contains("| ≤ 0.5 µs | 0.300 µs | pass |");
    }

    @Test
    void chartsAreDrawnBesideThePage() throws IOException {
        group("touch").add(touch("shmipc", 64, 0, 200));
        assertThat(page()).contains("(performance/touch.svg)");
        assertThat(Files.readString(directory.resolve("pages/performance/touch.svg")))
                .startsWith("<svg ")
                .contains(">shmipc</text>")
                .endsWith("</svg>\n");
    }
}
