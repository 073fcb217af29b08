package io.shmipc.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * A figure that the project promises: how often something is done, and what came of it.
 *
 * <p>How often is a small number by default, for every build; the system property {@code shmipc.reliability.NAME} says
 * another. Where {@code shmipc.reliability.report} names a file, a line is appended to it: name, promised, measured,
 * and {@code pass} or {@code fail}, with tabs between. A figure that is kept falls short after all if its test fails when
 * it cleans up. A figure that takes long writes a line that ends with
 * {@code running} now and then; of several lines with one name the last one counts.
 *
 * <p>{@code scripts/reliability.sh} sets both properties and prints the table. The tests it runs are those marked
 * {@link Reliability}.
 *
 * <p><b>Threads:</b> any.
 */
public final class Figures {

    private static final String PROPERTIES = "shmipc.reliability.";
    private static final long PROGRESS_NANOS = 5_000_000_000L;

    /** What the test that runs has kept. */
    private static final ThreadLocal<Figures> KEPT = new ThreadLocal<>();

    private final String name;
    private final String promised;
    private final long count;
    private long lastProgressNanos = System.nanoTime();

    private Figures(String name, String promised, long count) {
        this.name = name;
        this.promised = promised;
        this.count = count;
    }

    /** What is done for a figure. */
    @FunctionalInterface
    public interface Measurement {

        /** Does it as often as {@link Figures#count()} says; returns what was measured, and throws if it fell short. */
        String measure(Figures figure) throws Exception;
    }

    /**
     * Measures a figure and reports it; throws what the measurement threw.
     *
     * @param name lower case, with dots: {@code kills.client}
     * @param quick how often, unless the property says otherwise
     * @param promise what is promised each time, without the number: {@code kills, reconnected at p99 < 250 ms}
     */
    public static void keep(String name, long quick, String promise, Measurement measurement) throws Exception {
        long count = Long.getLong(PROPERTIES + name, quick);
        Figures figure = new Figures(name, "%,d %s".formatted(count, promise), count);
        String measured;
        try {
            measured = measurement.measure(figure);
        } catch (Exception | AssertionError e) {
            figure.report(String.valueOf(e.getMessage()), "fail");
            throw e;
        }
        figure.report(measured, "pass");
        KEPT.set(figure);
    }

    /** Looks at what becomes of a test once its figure is kept: what it leaves behind is found only afterwards. */
    static final class Aftermath implements BeforeEachCallback, TestWatcher {

        @Override
        public void beforeEach(ExtensionContext context) {
            KEPT.remove();
        }

        @Override
        public void testFailed(ExtensionContext context, Throwable cause) {
            Figures kept = KEPT.get();
            if (kept != null) {
                kept.report("afterwards: " + String.valueOf(cause.getMessage()).strip(), "fail");
            }
        }
    }

    /** Returns how often to do it. */
    public long count() {
        return count;
    }

    /** Notes how often it has been done, so that a run that is interrupted shows how far it came. */
    public synchronized void reached(long done) {
        long now = System.nanoTime();
        if (now - lastProgressNanos >= PROGRESS_NANOS) {
            lastProgressNanos = now;
            report("%,d so far".formatted(done), "running");
        }
    }

    private void report(String measured, String verdict) {
        String file = System.getProperty(PROPERTIES + "report");
        if (file == null) {
            return;
        }
        String line = String.join("\t", name, oneLine(promised), oneLine(measured), verdict) + "\n";
        try {
            Files.writeString(
                    Path.of(file), line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String oneLine(String text) {
        return text.strip()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("")
                .replace('\t', ' ');
    }
}
