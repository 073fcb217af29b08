package io.shmipc.benchmarks.report;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one job told.
 *
 * @param pair who talked to whom
 * @param pattern what they did
 * @param bytes size of their messages
 * @param round which of the rounds
 * @param values by name: nanoseconds, counts or bytes, per message; {@code rate} in messages per second
 */
public record Sample(String pair, String pattern, int bytes, int round, Map<String, Double> values) {

    public Sample {
        values = new TreeMap<>(values);
    }

    /** Returns the sample as a line that {@link #parse} reads. */
    String line() {
        StringBuilder line = new StringBuilder();
        line.append(pair)
                .append(' ')
                .append(pattern)
                .append(' ')
                .append(bytes)
                .append(' ')
                .append(round);
        values.forEach(
                (name, value) -> line.append(' ').append(name).append('=').append(value));
        return line.toString();
    }

    static Sample parse(String line) {
        String[] words = line.split(" ", -1);
        Map<String, Double> values = new TreeMap<>();
        for (int i = 4; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            values.put(words[i].substring(0, equals), Double.valueOf(words[i].substring(equals + 1)));
        }
        return new Sample(words[0], words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]), values);
    }
}
