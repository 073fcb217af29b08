package io.shmipc.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Samples, kept in a file as they come; or those of all files of a directory, for writing them up.
 *
 * <p><b>Threads:</b> one.
 */
public final class Results {

    private static final String SUFFIX = ".samples";

    private final List<Sample> samples = new ArrayList<>();
    private final Collection<String> facts = new LinkedHashSet<>();
    private final Path file;

    private Results(Path file) {
        this.file = file;
    }

    /** Begins a new file for a group of measurements, in place of an older one. */
    public static Results create(Path directory, String group) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(group + SUFFIX);
        Files.writeString(file, "");
        return new Results(file);
    }

    /** Reads all files of a directory. */
    public static Results readAll(Path directory) throws IOException {
        Results results = new Results(directory);
        List<Path> files;
        try (Stream<Path> found = Files.list(directory)) {
            files = found.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            results.read(file);
        }
        return results;
    }

    private void read(Path from) throws IOException {
        for (String line : Files.readAllLines(from)) {
            if (line.startsWith("# ")) {
                facts.add(line.substring(2));
            } else {
                samples.add(Sample.parse(line));
            }
        }
    }

    /** Notes what a reader must know of the run, for its page. */
    public void addFact(String fact) throws IOException {
        String line = fact.replace('\n', ' ');
        facts.add(line);
        Files.writeString(file, "# " + line + "\n", StandardOpenOption.APPEND);
    }

    /** Adds what one job told. */
    public void add(Sample sample) throws IOException {
        samples.add(sample);
        Files.writeString(file, sample.line() + "\n", StandardOpenOption.APPEND);
    }

    Collection<String> facts() {
        return facts;
    }

    /** Returns the pairs that did any of the patterns, in the order in which they were first measured. */
    Collection<String> pairs(String... patterns) {
        List<String> wanted = List.of(patterns);
        Collection<String> pairs = new LinkedHashSet<>();
        samples.stream()
                .filter(sample -> wanted.contains(sample.pattern()))
                .forEach(sample -> pairs.add(sample.pair()));
        return pairs;
    }

    /** Returns the sizes that a pattern was measured with, ascending. */
    Collection<Integer> sizes(String pattern) {
        Collection<Integer> sizes = new TreeSet<>();
        samples.stream()
                .filter(sample -> sample.pattern().equals(pattern))
                .forEach(sample -> sizes.add(sample.bytes()));
        return sizes;
    }

    /** Returns a value of every round, ascending; empty if it was not measured. */
    double[] values(String pair, String pattern, int bytes, String name) {
        return samples.stream()
                .filter(sample -> sample.pair().equals(pair)
                        && sample.pattern().equals(pattern)
                        && sample.bytes() == bytes
                        && sample.values().containsKey(name))
                .mapToDouble(sample -> sample.values().get(name))
                .sorted()
                .toArray();
    }

    /** Returns the median over the rounds; NaN if it was not measured. */
    double median(String pair, String pattern, int bytes, String name) {
        double[] values = values(pair, pattern, bytes, name);
        int middle = values.length / 2;
        if (values.length == 0) {
            return Double.NaN;
        }
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
