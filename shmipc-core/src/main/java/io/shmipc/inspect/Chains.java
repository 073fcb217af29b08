package io.shmipc.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which slices in use belong together, as their headers say. */
final class Chains {

    private final RegionGeometry geometry;
    private final Map<Integer, HeldSlice> slices = new HashMap<>();
    private final Map<Integer, Integer> starts = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    Chains(RegionGeometry geometry, List<HeldSlice> held) {
        this.geometry = geometry;
        Set<Integer> successors = new HashSet<>();
        for (HeldSlice slice : held) {
            slices.put(slice.offset(), slice);
            successors.add(slice.next());
        }
        for (HeldSlice slice : held) {
            if (!successors.contains(slice.offset())) {
                follow(slice);
            }
        }
        // What no chain reached has a predecessor all around: loops without a beginning.
        for (HeldSlice slice : held) {
            if (!starts.containsKey(slice.offset())) {
                follow(slice);
            }
        }
    }

    private void follow(HeldSlice first) {
        HeldSlice slice = first;
        while (true) {
            starts.put(slice.offset(), first.offset());
            HeldSlice next = successor(slice);
            if (next == null) {
                return;
            }
            Integer known = starts.get(next.offset());
            if (known != null) {
                if (known == first.offset()) {
                    add(slice.offset(), "The chain at " + first.offset() + " leads back to " + next.offset() + ".");
                }
                return;
            }
            slice = next;
        }
    }

    /** Returns the next slice of a chain; null if there is none, or it is not in use (any more). */
    private @Nullable HeldSlice successor(HeldSlice slice) {
        if (slice.next() == HeldSlice.NONE) {
            return null;
        }
        if (!geometry.isSlice(slice.next())) {
            add(
                    slice.offset(),
                    "The slice at " + slice.offset() + " has a successor at " + Integer.toUnsignedString(slice.next())
                            + ", where no slice begins.");
            return null;
        }
        return slices.get(slice.next());
    }

    private void add(int offset, String text) {
        problems.add(new Problem(Problem.Kind.CHAIN, offset, text));
    }

    /** Returns the offset of the first slice of the chain that a slice belongs to. */
    int startOf(HeldSlice slice) {
        return starts.getOrDefault(slice.offset(), slice.offset());
    }

    List<Problem> problems() {
        return problems;
    }
}
