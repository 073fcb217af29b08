package io.shmipc.benchmarks.harness;

import io.shmipc.benchmarks.mechanism.StreamBenchmark;
import io.shmipc.benchmarks.report.Results;
import io.shmipc.benchmarks.report.Sample;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks with the gc profiler, each in a JVM of its own. */
final class Mechanisms {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Mechanisms() {}

    static void measure(Arena arena, boolean thorough, Results results) throws IOException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(StreamBenchmark.class.getPackageName().replace(".", "\\."))
                .jvmArgs(arena.jvmFlags().toArray(String[]::new))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .forks(1)
                .warmupIterations(thorough ? 5 : 1)
                .measurementIterations(thorough ? 5 : 1)
                .warmupTime(TimeValue.milliseconds(thorough ? 500 : 100))
                .measurementTime(TimeValue.milliseconds(thorough ? 1000 : 100));
        if (!thorough) {
            options.param("bytes", "64");
        }
        try {
            for (RunResult run : new Runner(options.build()).run()) {
                results.add(sample(run));
            }
        } catch (RunnerException e) {
            throw new IOException("JMH failed: " + e.getMessage(), e);
        }
    }

    private static Sample sample(RunResult run) {
        String name = run.getParams().getBenchmark();
        String[] parts = name.split("\\.", -1);
        String bytes = run.getParams().getParam("bytes");
        Map<String, Double> values = new TreeMap<>();
        values.put("nanos", run.getPrimaryResult().getScore());
        run.getSecondaryResults().forEach((label, result) -> copyAllocation(label, result, values));
        return new Sample(
                parts[parts.length - 2] + "." + parts[parts.length - 1],
                "mechanism",
                bytes == null ? 0 : Integer.parseInt(bytes),
                0,
                values);
    }

    private static void copyAllocation(String label, Result<?> result, Map<String, Double> values) {
        if (label.endsWith(ALLOCATED)) {
            values.put("allocated", result.getScore());
        }
    }
}
