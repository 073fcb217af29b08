package io.shmipc.benchmarks.report;

import java.util.List;
import java.util.function.DoublePredicate;

/** What was aimed at, held against what was measured. */
final class Goals {

    private static final String SHMIPC = "shmipc";
    private static final String PARK = "shmipc-park";
    private static final String FLOOR = "floor";
    private static final String AERON = "aeron";
    private static final String JDK = "jdk-socket";
    private static final String GO = "go-go";
    private static final String TOUCH = "touch";
    private static final String FILL = "fill";
    private static final String ONE_WAY = "one-way";
    private static final String CALLBACKS = "streams-callbacks";
    private static final String FOOTPRINT = "footprint";

    private static final int SMALL = 64;
    private static final int KIB = 1 << 10;
    private static final int LARGEST_SMALL = 16 << 10;
    private static final int FAR_AHEAD_FROM = 256 << 10;

    /** The gauges' own objects, spread over the messages, stay below this; one object per message does not. */
    private static final double NO_BYTES = 0.5;

    private final Results results;
    private final Table table = new Table(List.of("what", "goal", "measured", "verdict"));

    Goals(Results results) {
        this.results = results;
    }

    /** Returns the table. */
    String table() {
        smallTouch();
        largeTouch();
        fill();
        park();
        oneWay();
        streams();
        mixed();
        garbage();
        idle();
        paced();
        return table.toString();
    }

    private void add(String what, Check... checks) {
        for (Check check : checks) {
            boolean measured = !Double.isNaN(check.value);
            String verdict = !measured ? "not measured" : check.holds.test(check.value) ? "pass" : "**fail**";
            table.add(List.of(what, check.goal, measured ? Format.number(check.value) + check.unit : "–", verdict));
        }
    }

    private record Check(String goal, double value, String unit, DoublePredicate holds) {

        static Check atMost(String goal, double value, String unit, double limit) {
            return new Check(goal, value, unit, found -> found <= limit);
        }

        static Check atLeast(String goal, double value, String unit, double limit) {
            return new Check(goal, value, unit, found -> found >= limit);
        }
    }

    private double p50(String pair, String pattern, int bytes) {
        return results.median(pair, pattern, bytes, "p50");
    }

    private List<Integer> sizes(String pattern, int from, int to) {
        return results.sizes(pattern).stream()
                .filter(bytes -> bytes >= from && bytes <= to)
                .toList();
    }

    /** Returns the largest of the quotients of medians over the sizes; NaN if one is missing. */
    private double worst(String pattern, List<Integer> sizes, String pair, String other) {
        double worst = sizes.isEmpty() ? Double.NaN : 0;
        for (int bytes : sizes) {
            worst = Math.max(worst, p50(pair, pattern, bytes) / p50(other, pattern, bytes));
        }
        return worst;
    }

    private double slowest(List<Integer> sizes) {
        double slowest = sizes.isEmpty() ? Double.NaN : 0;
        for (int bytes : sizes) {
            slowest = Math.max(slowest, p50(SHMIPC, TOUCH, bytes) / 1e3);
        }
        return slowest;
    }

    private void smallTouch() {
        List<Integer> sizes = sizes(TOUCH, SMALL, LARGEST_SMALL);
        add(
                "64 B … 16 KiB touch",
                Check.atMost("≤ 2 × floor", worst(TOUCH, sizes, SHMIPC, FLOOR), " × floor", 2),
                Check.atMost("≤ 0.5 µs", slowest(sizes), " µs", 0.5),
                Check.atLeast("≥ 100 × faster than JDK sockets", 1 / worst(TOUCH, sizes, SHMIPC, JDK), " ×", 100),
                Check.atLeast("≥ 100 × faster than shmipc-go", 1 / worst(TOUCH, sizes, SHMIPC, GO), " ×", 100));
    }

    private void largeTouch() {
        List<Integer> far = sizes(TOUCH, FAR_AHEAD_FROM, Integer.MAX_VALUE);
        add(
                "64 KiB … 4 MiB touch",
                Check.atMost("≤ 1 µs", slowest(sizes(TOUCH, LARGEST_SMALL + 1, Integer.MAX_VALUE)), " µs", 1),
                Check.atLeast("≥ 50 × ahead of Aeron from 256 KiB", 1 / worst(TOUCH, far, SHMIPC, AERON), " ×", 50),
                Check.atLeast(
                        "≥ 50 × ahead of JDK sockets from 256 KiB", 1 / worst(TOUCH, far, SHMIPC, JDK), " ×", 50));
    }

    private void fill() {
        List<Integer> sizes = sizes(FILL, KIB, Integer.MAX_VALUE);
        add(
                "1 KiB … 4 MiB fill and sum",
                Check.atMost("≤ 1.25 × floor", worst(FILL, sizes, SHMIPC, FLOOR), " × floor", 1.25),
                Check.atLeast("≥ 2 × faster than JDK sockets", 1 / worst(FILL, sizes, SHMIPC, JDK), " ×", 2));
    }

    private void park() {
        List<Integer> sizes = sizes(TOUCH, SMALL, Integer.MAX_VALUE);
        add(
                "`park` strategy",
                Check.atMost("level with JDK sockets at every size", worst(TOUCH, sizes, PARK, JDK), " × JDK", 1),
                Check.atMost("level with shmipc-go at every size", worst(TOUCH, sizes, PARK, GO), " × shmipc-go", 1));
    }

    private void oneWay() {
        double rate = results.median(SHMIPC, ONE_WAY, SMALL, "rate");
        add(
                "one-way 64 B, a flush each",
                Check.atLeast("≥ 3 × shmipc-go", rate / results.median(GO, ONE_WAY, SMALL, "rate"), " ×", 3),
                Check.atLeast("≥ 10 × JDK sockets", rate / results.median(JDK, ONE_WAY, SMALL, "rate"), " ×", 10),
                Check.atLeast("≥ 0.5 × Aeron IPC", rate / results.median(AERON, ONE_WAY, SMALL, "rate"), " ×", 0.5));
    }

    private void streams() {
        double one = results.median(SHMIPC, TOUCH, SMALL, "rate");
        double many = results.median(SHMIPC, CALLBACKS, SMALL, "rate");
        double p99 = results.median(SHMIPC, CALLBACKS, SMALL, "p99");
        add(
                "64 streams in parallel, callbacks",
                Check.atLeast("throughput ≥ that of 1 stream", many / one, " ×", 1),
                Check.atMost("p99 ≤ 20 × p50", p99 / p50(SHMIPC, CALLBACKS, SMALL), " ×", 20));
    }

    private void mixed() {
        List<Integer> touch = sizes(TOUCH, SMALL, Integer.MAX_VALUE);
        add(
                "Java ↔ Go, touch",
                Check.atMost("Java client, at least as fast as Go ↔ Go", worst(TOUCH, touch, "java-go", GO), " ×", 1),
                Check.atMost("Go client, at least as fast as Go ↔ Go", worst(TOUCH, touch, "go-java", GO), " ×", 1));
    }

    private void garbage() {
        add(
                "garbage, 64 B touch, both processes",
                Check.atMost("0 B per message", results.median(SHMIPC, TOUCH, SMALL, "allocated"), " B", NO_BYTES));
    }

    private void idle() {
        double client = results.median("sessions", FOOTPRINT, 0, "core-client");
        double server = results.median("sessions", FOOTPRINT, 0, "core-server");
        add("100 idle sessions", Check.atMost("< 0.5 % of one core, both processes", client + server, " %", 0.5));
    }

    private void paced() {
        add(
                "CPU, adaptive",
                Check.atMost("≤ 1.2 × `park` at one message per ms", costOfAdaptive("paced"), " × park", 1.2),
                Check.atMost("≤ 1.2 × `park` at one message per 5 ms", costOfAdaptive("rare"), " × park", 1.2));
    }

    private double costOfAdaptive(String pattern) {
        return results.median(SHMIPC, pattern, SMALL, "cpu") / results.median(PARK, pattern, SMALL, "cpu");
    }
}
