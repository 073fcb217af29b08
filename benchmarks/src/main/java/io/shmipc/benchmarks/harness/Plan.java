package io.shmipc.benchmarks.harness;

import io.shmipc.benchmarks.job.Pattern;
import java.util.List;
import java.util.Set;

/**
 * What a run measures.
 *
 * @param pingPongSizes message sizes of the ping-pong patterns
 * @param oneWaySizes message sizes of the patterns one way
 * @param warmUpSeconds how long each pair works before the first job of each pattern
 * @param rounds how often each pair does each job, in turn with the others
 * @param jobSeconds how long a job shall take
 * @param pacedSeconds how long a job takes whose messages begin by the clock
 * @param idleSeconds how long idle sessions are watched
 * @param countsSystemCalls whether system calls are counted, in jobs of their own
 * @param thorough whether JMH takes its time for the mechanisms
 */
record Plan(
        List<Integer> pingPongSizes,
        List<Integer> oneWaySizes,
        double warmUpSeconds,
        int rounds,
        double jobSeconds,
        double pacedSeconds,
        int idleSeconds,
        boolean countsSystemCalls,
        boolean thorough) {

    private static final int SMALL = 64;

    /** Everything. */
    static Plan full() {
        return new Plan(
                List.of(64, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20),
                List.of(64, 4 << 10),
                5,
                5,
                0.25,
                2,
                10,
                true,
                true);
    }

    /** Something of everything, for a first impression: the JVMs have hardly begun to compile. */
    static Plan quick() {
        return new Plan(List.of(64, 64 << 10, 1 << 20), List.of(64), 0.2, 1, 0.1, 0.5, 2, true, false);
    }

    /** Returns the plan of a name. */
    static Plan of(String name) {
        return switch (name) {
            case "full" -> full();
            case "quick" -> quick();
            default -> throw new IllegalArgumentException("no plan is called " + name + ": choose full or quick");
        };
    }

    List<Integer> sizes(Pattern pattern) {
        return switch (pattern) {
            case TOUCH, FILL -> pingPongSizes;
            case ONE_WAY, BATCHED -> oneWaySizes;
            case PACED, RARE, STREAMS_CALLBACKS, STREAMS_THREADS -> List.of(SMALL);
        };
    }

    /** Returns whether system calls are counted in a pattern with messages of a size. */
    boolean countsSystemCalls(Pattern pattern, int bytes) {
        return countsSystemCalls
                && bytes == SMALL
                && Set.of(Pattern.TOUCH, Pattern.ONE_WAY, Pattern.PACED).contains(pattern);
    }
}
