package io.shmipc.benchmarks.harness;

import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.job.Pattern;
import io.shmipc.benchmarks.report.Results;
import io.shmipc.benchmarks.report.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives every pair the same jobs, interleaved: each round begins with another pair, and only one pair works at a time.
 *
 * <p><b>Threads:</b> one.
 */
final class Rounds {

    private static final int FIRST_COUNT = 320;
    private static final int FIRST_COUNT_OF_LARGE = 64;
    private static final int LARGE_BYTES = 256 << 10;
    private static final int MOST_MESSAGES = 4_000_000;
    private static final int MOST_WARM_UP_MESSAGES = 20_000;
    private static final int MOST_PILOTS = 6;
    private static final double PILOT_SHARE = 0.2;
    private static final int PILOT_GROWTH = 8;
    private static final int WARM_UP_SHARE = 4;
    private static final int PACED_WARM_UP_SHARE = 2;
    private static final int COUNTED_CALLS = 2_000;

    private final Plan plan;
    private final List<Pair> pairs;
    private final Results results;
    private final @Nullable SystemCalls systemCalls;
    private final List<String> failures = new ArrayList<>();

    Rounds(Plan plan, List<Pair> pairs, Results results, @Nullable SystemCalls systemCalls) {
        this.plan = plan;
        this.pairs = pairs;
        this.results = results;
        this.systemCalls = systemCalls;
    }

    /** Returns what went wrong. */
    List<String> failures() {
        return failures;
    }

    /** Does the given patterns with all sizes. */
    void run(List<Pattern> patterns) throws IOException, InterruptedException {
        Set<Pattern> warm = EnumSet.noneOf(Pattern.class);
        for (Pattern pattern : patterns) {
            Pattern warming = pattern.isPaced() ? Pattern.TOUCH : pattern;
            if (warm.add(warming)) {
                warmUp(new Job(warming, plan.sizes(warming).get(0), 0, 0));
            }
            for (int bytes : plan.sizes(pattern)) {
                run(new Job(pattern, bytes, 0, 0));
            }
        }
    }

    private void run(Job cell) throws IOException, InterruptedException {
        List<Pair> able = new ArrayList<>(
                pairs.stream().filter(pair -> pair.supports(cell)).toList());
        Map<Pair, Job> jobs = new HashMap<>();
        for (Pair pair : List.copyOf(able)) {
            Job job = guarded(pair, cell, () -> pilot(pair, cell));
            if (job == null) {
                able.remove(pair);
            } else {
                jobs.put(pair, job);
            }
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (Pair pair : able) {
                Job job = jobs.getOrDefault(pair, cell);
                Map<String, Double> values = guarded(pair, cell, () -> pair.run(job));
                if (values != null) {
                    results.add(new Sample(pair.name(), cell.pattern().label(), cell.bytes(), round, values));
                }
            }
            Collections.rotate(able, -1);
        }
        System.err.printf("%s of %d bytes: %d pairs%n", cell.pattern().label(), cell.bytes(), able.size());
        countSystemCalls(cell, able);
    }

    private interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> @Nullable T guarded(Pair pair, Job cell, Work<T> work) throws InterruptedException {
        try {
            return work.run();
        } catch (IOException e) {
            String failure =
                    pair.name() + ", " + cell.pattern().label() + " of " + cell.bytes() + " bytes: " + e.getMessage();
            failures.add(failure);
            System.err.println("FAILED " + failure);
            return null;
        }
    }

    /** Lets all JVMs compile what a pattern needs: compilers get little time beside two threads that spin. */
    private void warmUp(Job job) throws InterruptedException {
        for (Pair pair : pairs) {
            guarded(pair, job, () -> warmUp(pair, job));
        }
    }

    private boolean warmUp(Pair pair, Job job) throws IOException, InterruptedException {
        if (!pair.supports(job)) {
            return false;
        }
        long due = System.nanoTime() + (long) (plan.warmUpSeconds() * TimeUnit.SECONDS.toNanos(1));
        for (int count = FIRST_COUNT; System.nanoTime() < due; count = Math.min(2 * count, MOST_WARM_UP_MESSAGES)) {
            pair.run(sized(job, count));
        }
        return true;
    }

    /** Finds out how many messages take the planned time; this also lets the JVMs compile what they need. */
    private Job pilot(Pair pair, Job cell) throws IOException, InterruptedException {
        if (cell.pattern().isPaced()) {
            return pacedPilot(pair, cell);
        }
        int count = cell.bytes() >= LARGE_BYTES ? FIRST_COUNT_OF_LARGE : FIRST_COUNT;
        double rate = 0;
        for (int pilot = 0; pilot < MOST_PILOTS; pilot++) {
            rate = pair.run(sized(cell, count)).getOrDefault("rate", 1.0);
            if (count / rate >= plan.jobSeconds() * PILOT_SHARE) {
                break;
            }
            count *= PILOT_GROWTH;
        }
        return sized(cell, (int) Math.min(MOST_MESSAGES, rate * plan.jobSeconds()));
    }

    /** Messages that begin by the clock come so slowly that compilers need longer to hear of what only sleepers do. */
    private Job pacedPilot(Pair pair, Job cell) throws IOException, InterruptedException {
        int perSecond = (int) (TimeUnit.SECONDS.toNanos(1) / cell.pattern().paceNanos());
        int unpaced = perSecond / 10;
        int warmUp = (int) (PACED_WARM_UP_SHARE * plan.warmUpSeconds() * perSecond);
        if (warmUp > 0) {
            pair.run(cell.times(unpaced, warmUp));
        }
        return cell.times(unpaced, (int) (plan.pacedSeconds() * perSecond));
    }

    /** Returns the job with about the given number of messages, in whole windows or the same for every stream. */
    private static Job sized(Job cell, int count) {
        int unit = cell.pattern().isOneWay()
                ? Math.max(1, cell.window() / 2)
                : cell.pattern().isPingPong() ? 1 : Job.STREAMS;
        return cell.times(wholeUnits(count / WARM_UP_SHARE, unit), wholeUnits(count, unit));
    }

    private static int wholeUnits(int count, int unit) {
        return Math.max(1, (count + unit - 1) / unit) * unit;
    }

    /** Counts twice, with few and with more messages: the difference is what the messages cost. */
    private void countSystemCalls(Job cell, List<Pair> able) throws IOException, InterruptedException {
        SystemCalls counter = systemCalls;
        if (counter == null || !plan.countsSystemCalls(cell.pattern(), cell.bytes())) {
            return;
        }
        for (Pair pair : able) {
            int unit = cell.pattern().isOneWay() ? cell.window() / 2 : 1;
            int few = wholeUnits(COUNTED_CALLS / 10, unit);
            int many = wholeUnits(cell.pattern().isPaced() ? COUNTED_CALLS / 2 : 5 * COUNTED_CALLS, unit);
            Long atFirst = guarded(pair, cell, () -> count(counter, pair, cell.times(few, few)));
            Long atLast = guarded(pair, cell, () -> count(counter, pair, cell.times(few, many)));
            if (atFirst != null && atLast != null && atLast > 0) {
                double perMessage = Math.max(0, (double) (atLast - atFirst) / (many - few));
                Map<String, Double> values = new TreeMap<>(Map.of("calls", perMessage));
                results.add(new Sample(pair.name(), cell.pattern().label(), cell.bytes(), 0, values));
            }
        }
    }

    /** Returns the calls of both processes; of a process that is not there at first, as many as of the other one. */
    private static long count(SystemCalls counter, Pair pair, Job job) throws IOException, InterruptedException {
        List<Long> pids = new ArrayList<>();
        try {
            pair.run(job, (serverPid, clientPid) -> {
                pids.add(serverPid);
                if (clientPid != 0) {
                    pids.add(clientPid);
                }
                counter.start(pids);
            });
        } finally {
            pids.add(counter.stop());
        }
        long calls = pids.get(pids.size() - 1);
        return pids.size() == 2 ? 2 * calls : calls;
    }
}
