package io.shmipc.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Problems that every look found; the others were moments of another process's work.
 *
 * <p>A problem is the same if its kind and place are; its text is that of the last look.
 */
final class Findings {

    private record Key(Problem.Kind kind, long offset) {}

    private Map<Key, Problem> kept = new LinkedHashMap<>();
    private int looks;

    void add(List<Problem> found) {
        Map<Key, Problem> both = new LinkedHashMap<>();
        for (Problem problem : found) {
            Key key = new Key(problem.kind(), problem.offset());
            if (looks == 0 || kept.containsKey(key)) {
                both.put(key, problem);
            }
        }
        kept = both;
        looks++;
    }

    boolean isEmpty() {
        return kept.isEmpty();
    }

    boolean contains(Problem problem) {
        return kept.containsKey(new Key(problem.kind(), problem.offset()));
    }

    List<Problem> problems() {
        return new ArrayList<>(kept.values());
    }
}
