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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The program behind run.sh.
 *
 * <pre>
 * measure PLAN GROUPS PAIRS WORK RESULTS [GO-PEER]
 * report RESULTS PAGES
 * </pre>
 *
 * PLAN is full or quick; GROUPS and PAIRS are names with commas between them, or "all". WORK is a directory of
 * this run's own, RESULTS the directory that gets a file of samples per group, PAGES the one that gets the page and its
 * charts. Ends with 1 if a pair failed; figures never make it fail.
 */
public final class Benchmarks {

    private final Plan plan;
    private final Predicate<String> wanted;
    private final Arena arena;
    private final Path directory;
    private final @Nullable Path go;
    private final File errors;
    private final List<String> failures = new ArrayList<>();

    private Benchmarks(Plan plan, String pairs, Arena arena, Path directory, @Nullable Path go) {
        this.plan = plan;
        this.wanted = pairs.equals("all") ? pair -> true : Arrays.asList(pairs.split(",", -1))::contains;
        this.arena = arena;
        this.directory = directory;
        this.go = go;
        this.errors = directory.resolve("errors.log").toFile();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 3 && arguments[0].equals("report")) {
            Report.write(Results.readAll(Path.of(arguments[1])), Path.of(arguments[2]));
            return;
        }
        if (arguments.length < 6 || !arguments[0].equals("measure")) {
            System.err.println("expected: measure PLAN GROUPS PAIRS WORK RESULTS [GO-PEER], or: report RESULTS PAGES");
            System.exit(2);
        }
        List<Group> groups = Group.of(arguments[2]);
        Path go = arguments.length > 6 ? Path.of(arguments[6]) : null;
        List<String> failures;
        try (Arena arena = new Arena(Path.of(arguments[4]).toAbsolutePath())) {
            Benchmarks benchmarks =
                    new Benchmarks(Plan.of(arguments[1]), arguments[3], arena, Path.of(arguments[5]), go);
            benchmarks.measure(groups);
            failures = benchmarks.failures;
        }
        failures.forEach(failure -> System.err.println("FAILED " + failure));
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    private void measure(List<Group> groups) throws IOException, InterruptedException {
        Files.deleteIfExists(errors.toPath());
        SystemCalls systemCalls = plan.countsSystemCalls() ? SystemCalls.find(arena.directory()) : null;
        List<Pair> pairs = pairs();
        try {
            for (Group group : groups) {
                Results results = Results.create(directory, group.label());
                for (String fact : Facts.of(plan, arena, program(systemCalls), peer())) {
                    results.addFact(fact);
                }
                results.addFact(Facts.of(group));
                measure(group, pairs, results, systemCalls);
            }
        } finally {
            pairs.forEach(Pair::close);
        }
    }

    private void measure(Group group, List<Pair> pairs, Results results, @Nullable SystemCalls systemCalls)
            throws IOException, InterruptedException {
        switch (group) {
            case FOOTPRINT -> new Footprints(arena, results, plan.idleSeconds(), errors).measure();
            case MECHANISMS -> Mechanisms.measure(arena, plan.thorough(), results);
            default -> {
                Rounds rounds = new Rounds(plan, pairs, results, systemCalls);
                rounds.run(group.patterns());
                for (String failure : rounds.failures()) {
                    results.addFact("Failed: " + failure);
                }
                failures.addAll(rounds.failures());
            }
        }
    }

    private static String program(@Nullable SystemCalls systemCalls) {
        return systemCalls == null
                ? "nothing; `apt-get install strace` or linux-perf would give the column"
                : systemCalls.program();
    }

    private String peer() {
        return go == null ? "not measured, no Go tool chain found" : "shmipc-go v0.2.0";
    }

    private List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (Transports transport : Transports.values()) {
            pairs.add(new Pair(transport.label(), java(transport, true), java(transport, false), arena));
        }
        if (go != null) {
            pairs.add(new Pair("go-go", go(go, true), go(go, false), arena));
            pairs.add(new Pair("java-go", go(go, true), java(Transports.ADAPTIVE, false), arena));
            pairs.add(new Pair("go-java", java(Transports.ADAPTIVE, true), go(go, false), arena));
        }
        pairs.removeIf(pair -> !wanted.test(pair.name()));
        return pairs;
    }

    private Side java(Transports transport, boolean server) {
        return new JavaSide(arena, transport, server, errors);
    }

    private Side go(Path program, boolean server) {
        return new GoSide(arena, program, server, errors);
    }
}
