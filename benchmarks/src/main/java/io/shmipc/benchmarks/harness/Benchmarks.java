package io.shmipc.benchmarks.harness;

import io.shmipc.benchmarks.report.Report;
import io.shmipc.benchmarks.report.Results;
import io.shmipc.benchmarks.transport.Transports;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program behind run.sh.
 *
 * <pre>
 * full|quick WORK RESULTS PAGES [GO-PEER]     measures and writes up
 * report RESULTS PAGES                        writes up what was measured before
 * </pre>
 *
 * WORK is a directory of this run's own, RESULTS the file that gets every sample, PAGES the directory that gets the page
 * and its charts. Ends with 1 if a pair failed; figures never make it fail.
 */
public final class Benchmarks {

    private Benchmarks() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 3 && arguments[0].equals("report")) {
            Report.write(Results.read(Path.of(arguments[1])), Path.of(arguments[2]));
            return;
        }
        if (arguments.length < 4 || !(arguments[0].equals("full") || arguments[0].equals("quick"))) {
            System.err.println("expected: full|quick WORK RESULTS PAGES [GO-PEER], or: report RESULTS PAGES");
            System.exit(2);
        }
        Plan plan = arguments[0].equals("full") ? Plan.full() : Plan.quick();
        Results results = Results.create(Path.of(arguments[2]));
        Path go = arguments.length > 4 ? Path.of(arguments[4]) : null;
        List<String> failures;
        try (Arena arena = new Arena(Path.of(arguments[1]).toAbsolutePath())) {
            failures = measure(plan, arena, results, go, new File(arguments[2] + ".log"));
        }
        Report.write(results, Path.of(arguments[3]));
        failures.forEach(failure -> System.err.println("FAILED " + failure));
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    private static List<String> measure(Plan plan, Arena arena, Results results, @Nullable Path go, File errors)
            throws IOException, InterruptedException {
        Files.deleteIfExists(errors.toPath());
        SystemCalls systemCalls = SystemCalls.find(arena.directory());
        String counter = systemCalls == null
                ? "nothing; `apt-get install strace` or linux-perf would give the column"
                : systemCalls.program();
        String peer = go == null ? "not measured, no Go tool chain found" : "shmipc-go v0.2.0";
        for (String fact : Facts.of(plan, arena, counter, peer)) {
            results.addFact(fact);
        }
        List<Pair> pairs = pairs(arena, go, errors);
        Rounds rounds = new Rounds(plan, pairs, results, systemCalls);
        try {
            rounds.run();
        } finally {
            pairs.forEach(Pair::close);
        }
        for (String failure : rounds.failures()) {
            results.addFact("Failed: " + failure);
        }
        new Footprints(arena, results, plan.idleSeconds(), errors).measure();
        Mechanisms.measure(arena, plan.thorough(), results);
        return rounds.failures();
    }

    private static List<Pair> pairs(Arena arena, @Nullable Path go, File errors) {
        List<Pair> pairs = new ArrayList<>(Arrays.stream(Transports.values())
                .map(transport -> new Pair(
                        transport.label(),
                        new JavaSide(arena, transport, true, errors),
                        new JavaSide(arena, transport, false, errors),
                        arena))
                .toList());
        if (go != null) {
            pairs.add(new Pair(
                    "go-go", new GoSide(arena, go, true, errors), new GoSide(arena, go, false, errors), arena));
            pairs.add(new Pair(
                    "java-go",
                    new GoSide(arena, go, true, errors),
                    new JavaSide(arena, Transports.ADAPTIVE, false, errors),
                    arena));
            pairs.add(new Pair(
                    "go-java",
                    new JavaSide(arena, Transports.ADAPTIVE, true, errors),
                    new GoSide(arena, go, false, errors),
                    arena));
        }
        return pairs;
    }
}
