package io.shmipc.benchmarks.harness;

import io.shmipc.benchmarks.job.Pattern;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is measured in one go; each group keeps its samples in a file of its own, so that it can be measured again. */
enum Group {
    TOUCH(Pattern.TOUCH, Pattern.STREAMS_CALLBACKS, Pattern.STREAMS_THREADS),
    FILL(Pattern.FILL),
    STREAMING(Pattern.ONE_WAY, Pattern.BATCHED),
    PACED(Pattern.PACED, Pattern.RARE),
    FOOTPRINT,
    MECHANISMS;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Pattern> patterns;

    Group(Pattern... patterns) {
        this.patterns = List.of(patterns);
    }

    /** Returns the patterns between pairs that belong to the group. */
    List<Pattern> patterns() {
        return patterns;
    }

    /** Returns the name that commands and files use. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the groups of names that commas separate; all of them for "all". */
    static List<Group> of(String labels) {
        if (labels.equals("all")) {
            return List.of(values());
        }
        return Arrays.stream(labels.split(",", -1)).map(Group::ofOne).toList();
    }

    private static Group ofOne(String label) {
        for (Group group : values()) {
            if (group.label().equals(label)) {
                return group;
            }
        }
        throw new IllegalArgumentException("no group is called " + label + ": choose from "
                + Arrays.stream(values()).map(Group::label).toList());
    }
}
