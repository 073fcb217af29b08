package io.shmipc.sample.lab.measure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A measurement as it stands.
 *
 * @param state what became of it
 * @param progress the share that is done, from 0 to 1
 * @param plan what is measured; null before the first
 * @param machine where
 * @param results one for each size and transport, as far as they are known
 * @param problem why it failed, or null
 */
record MeasureStatus(
        State state,
        double progress,
        @Nullable Plan plan,
        Machine machine,
        List<Result> results,
        @Nullable String problem) {

    /** What became of a measurement. */
    enum State {
        /** There was none yet. */
        NONE,
        /** It is under way. */
        RUNNING,
        /** It came to its end. */
        DONE,
        /** It was cancelled; there are results of the rounds until then. */
        CANCELLED,
        /** It ended with a problem. */
        FAILED
    }

    /**
     * @param system operating system and its version
     * @param architecture kind of processor
     * @param processors how many this process may use
     * @param java version of the JVM
     */
    record Machine(String system, String architecture, int processors, String java) {

        static Machine current() {
            return new Machine(
                    System.getProperty("os.name") + " " + System.getProperty("os.version"),
                    System.getProperty("os.arch"),
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.version().toString());
        }
    }
}
