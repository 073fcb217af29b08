package io.shmipc.sample.lab.breaking;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what happens and when, and passes it on at once.
 *
 * <p><b>Threads:</b> any.
 */
final class Report {

    private final String name;
    private final Consumer<Status> listener;
    private final long beginNanos = System.nanoTime();
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private State state = State.RUNNING;
    private @Nullable String verdict;

    Report(String name, Consumer<Status> listener) {
        this.name = name;
        this.listener = listener;
        listener.accept(status());
    }

    /** Says what has just happened. */
    synchronized void step(String sentence) {
        steps.add(new Step(elapsedMillis(), sentence));
        listener.accept(status());
    }

    /** Says a number or the like; a second one of that name replaces the first. */
    synchronized void fact(String label, Object value) {
        facts.put(label, value.toString());
        listener.accept(status());
    }

    /** Says in one sentence what was to be seen. */
    synchronized void verdict(String sentence) {
        verdict = sentence;
    }

    synchronized void end(State end) {
        state = end;
        listener.accept(status());
    }

    long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos);
    }

    synchronized Status status() {
        return new Status(name, state, elapsedMillis(), List.copyOf(steps), new LinkedHashMap<>(facts), verdict);
    }

    /** What became of a breakage. */
    enum State {
        /** It is under way. */
        RUNNING,
        /** All is well again. */
        DONE,
        /** It did not get well; the verdict says what is the matter. */
        FAILED
    }

    /**
     * @param atMillis when, since the beginning
     * @param sentence what happened
     */
    record Step(long atMillis, String sentence) {}

    /**
     * @param name which breakage
     * @param state what became of it
     * @param elapsedMillis since its beginning
     * @param steps what happened, in order
     * @param facts numbers by label
     * @param verdict what was to be seen, or null until the end
     */
    record Status(
            String name,
            State state,
            long elapsedMillis,
            List<Step> steps,
            Map<String, String> facts,
            @Nullable String verdict) {}
}
