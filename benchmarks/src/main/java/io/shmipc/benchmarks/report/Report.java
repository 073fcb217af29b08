package io.shmipc.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Writes the page: {@code performance.md}, and its charts in a directory beside it.
 */
public final class Report {

    private static final String PAGE = "performance.md";
    private static final String CHARTS = "performance";
    private static final String TOUCH = "touch";
    private static final String FILL = "fill";
    private static final int SMALL = 64;

    private final Results results;
    private final Path directory;
    private final StringBuilder page = new StringBuilder();

    private Report(Results results, Path directory) {
        this.results = results;
        this.directory = directory;
    }

    /** Writes a run's page and charts into a directory. */
    public static void write(Results results, Path directory) throws IOException {
        Files.createDirectories(directory.resolve(CHARTS));
        new Report(results, directory).write();
    }

    private void write() throws IOException {
        page.append(ReportText.HEAD);
        results.facts().forEach(fact -> page.append("- ").append(fact).append('\n'));
        page.append(ReportText.GOALS).append(new Goals(results).table());
        page.append(ReportText.PING_PONG);
        chart("touch", "Round trip, 8 bytes touched", "µs", TOUCH, false);
        chart("fill", "Round trip, every byte written and read", "µs", FILL, false);
        chart("throughput", "Bytes each way, every byte written and read", "B/s", FILL, true);
        latencies(TOUCH, ReportText.TOUCH);
        latencies(FILL, ReportText.FILL);
        rates();
        oneWay();
        streams();
        costs();
        footprint();
        mechanisms();
        page.append(ReportText.FOOT);
        Files.writeString(directory.resolve(PAGE), page);
    }

    private void heading(String text) {
        page.append("\n## ").append(text).append("\n\n");
    }

    // ---------------------------------------------------------------- charts

    private void chart(String name, String title, String unit, String pattern, boolean throughput) throws IOException {
        Chart chart = new Chart(title, unit);
        for (String pair : results.pairs(pattern)) {
            chart.begin(pair);
            for (int bytes : results.sizes(pattern)) {
                chart.add(
                        bytes,
                        throughput
                                ? results.median(pair, pattern, bytes, "rate") * bytes
                                : results.median(pair, pattern, bytes, "p50") / 1e3);
            }
        }
        Files.writeString(directory.resolve(CHARTS).resolve(name + ".svg"), chart.svg());
        page.append("![")
                .append(title)
                .append("](")
                .append(CHARTS)
                .append('/')
                .append(name)
                .append(".svg)\n\n");
    }

    // ---------------------------------------------------------------- tables

    private interface Cell {
        String of(String pair, int bytes);
    }

    private void bySize(String pattern, Cell cell) {
        Collection<Integer> sizes = results.sizes(pattern);
        List<String> heads = new ArrayList<>(List.of(""));
        sizes.forEach(bytes -> heads.add(Format.size(bytes)));
        Table table = new Table(heads);
        for (String pair : results.pairs(pattern)) {
            List<String> cells = new ArrayList<>(List.of(pair));
            sizes.forEach(bytes -> cells.add(cell.of(pair, bytes)));
            table.add(cells);
        }
        page.append(table);
    }

    private void latencies(String pattern, String title) {
        heading(title);
        page.append("p50 in µs, median of the rounds (lowest … highest):\n\n");
        bySize(pattern, (pair, bytes) -> spread(pair, pattern, bytes));
        page.append("\np99 / p99.9 in µs, medians of the rounds:\n\n");
        bySize(pattern, (pair, bytes) -> {
            double p99 = results.median(pair, pattern, bytes, "p99");
            double p999 = results.median(pair, pattern, bytes, "p999");
            return Double.isNaN(p99) ? Format.NOTHING : Format.micros(p99) + " / " + Format.micros(p999);
        });
    }

    private String spread(String pair, String pattern, int bytes) {
        double[] values = results.values(pair, pattern, bytes, "p50");
        String median = Format.micros(results.median(pair, pattern, bytes, "p50"));
        return values.length < 2
                ? median
                : median + " (" + Format.micros(values[0]) + " … " + Format.micros(values[values.length - 1]) + ")";
    }

    private void rates() {
        heading("Messages and bytes per second, fill and sum");
        page.append("Round trips per second; bytes per second each way:\n\n");
        bySize(FILL, (pair, bytes) -> {
            double rate = results.median(pair, FILL, bytes, "rate");
            return Double.isNaN(rate) ? Format.NOTHING : Format.large(rate) + "; " + Format.large(rate * bytes) + "B";
        });
    }

    private void oneWay() {
        heading("One way");
        page.append(ReportText.ONE_WAY);
        for (String pattern : List.of("one-way", "batched")) {
            page.append(pattern.equals("one-way") ? "Sent one by one:\n\n" : "\nSent in batches of 32:\n\n");
            bySize(pattern, (pair, bytes) -> {
                double rate = results.median(pair, pattern, bytes, "rate");
                return Double.isNaN(rate)
                        ? Format.NOTHING
                        : Format.large(rate) + "/s; " + Format.large(rate * bytes) + "B/s";
            });
        }
    }

    private void streams() {
        heading("64 streams in parallel");
        Table table = new Table(List.of("pattern", "round trips/s", "p50 µs", "p99 µs", "p99.9 µs"));
        for (String pattern : List.of(TOUCH, "streams-callbacks", "streams-threads")) {
            table.add(List.of(
                    pattern.equals(TOUCH) ? "1 stream, for comparison" : pattern,
                    Format.large(results.median("shmipc", pattern, SMALL, "rate")),
                    Format.micros(results.median("shmipc", pattern, SMALL, "p50")),
                    Format.micros(results.median("shmipc", pattern, SMALL, "p99")),
                    Format.micros(results.median("shmipc", pattern, SMALL, "p999"))));
        }
        page.append(table);
    }

    private void costs() {
        heading("What a message costs both processes together");
        page.append(ReportText.COSTS);
        for (String pattern : List.of(TOUCH, "one-way", "paced", "rare")) {
            Table table = new Table(List.of(
                    pattern + ", 64 B",
                    "p50 µs",
                    "processor time µs",
                    "system calls",
                    "voluntary switches",
                    "bytes allocated"));
            for (String pair : results.pairs(pattern)) {
                if (results.values(pair, pattern, SMALL, "rate").length > 0) {
                    table.add(List.of(
                            pair,
                            Format.micros(results.median(pair, pattern, SMALL, "p50")),
                            Format.micros(results.median(pair, pattern, SMALL, "cpu")),
                            Format.number(results.median(pair, pattern, SMALL, "calls")),
                            Format.number(results.median(pair, pattern, SMALL, "switches")),
                            Format.number(results.median(pair, pattern, SMALL, "allocated"))));
                }
            }
            page.append(table).append('\n');
        }
    }

    private double footprint(String what, String name) {
        return results.median(what, "footprint", 0, name);
    }

    private void footprint() {
        heading("Start-up and footprint");
        page.append(ReportText.FOOTPRINT);
        Table first = new Table(List.of("from opening a session manager to the first answer", "ms"));
        first.add(List.of("first session of a JVM", Format.number(footprint("cold", "p50") / 1e6)));
        first.add(List.of("p50 of 200", Format.number(footprint("first", "p50") / 1e6)));
        first.add(List.of("p99 of 200", Format.number(footprint("first", "p99") / 1e6)));
        page.append(first).append('\n');
        Table held = new Table(List.of(
                "KiB each", "heap", "other memory", "shared memory touched", "all idle: % of a core", "without them"));
        for (String what : List.of("sessions", "streams")) {
            for (String side : List.of("client", "server")) {
                held.add(List.of(
                        (what.equals("sessions") ? "100 sessions, " : "1000 streams, ") + side,
                        Format.number(footprint(what, "heap-" + side) / 1024),
                        Format.number(footprint(what, "anonymous-" + side) / 1024),
                        Format.number(footprint(what, "shared-" + side) / 1024),
                        Format.number(footprint(what, "core-" + side)),
                        Format.number(footprint(what, "without-" + side))));
            }
        }
        page.append(held);
    }

    private void mechanisms() {
        heading("Mechanisms");
        page.append(ReportText.MECHANISMS);
        Table table = new Table(List.of("benchmark", "bytes", "ns", "bytes allocated"));
        for (String name : results.pairs("mechanism")) {
            for (int bytes : results.sizes("mechanism")) {
                if (results.values(name, "mechanism", bytes, "nanos").length > 0) {
                    table.add(List.of(
                            name,
                            bytes == 0 ? "" : Format.size(bytes),
                            Format.number(results.median(name, "mechanism", bytes, "nanos")),
                            Format.number(results.median(name, "mechanism", bytes, "allocated"))));
                }
            }
        }
        page.append(table);
    }
}
