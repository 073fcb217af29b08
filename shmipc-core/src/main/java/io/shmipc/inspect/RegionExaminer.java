package io.shmipc.inspect;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * Looks at a region until what seems wrong has gone or has been seen often enough to be believed.
 *
 * <p><b>Threads:</b> one.
 */
final class RegionExaminer implements Examiner {

    /** How many complete walks must have missed a slice before it counts as unaccounted for. */
    private static final int MIN_WALKS = 3;

    private final String name;
    private final Words words;
    private final RegionGeometry geometry;
    private final Patience patience;
    private final SliceAges ages;

    RegionExaminer(String name, Words words, RegionGeometry geometry, Patience patience) {
        this.name = name;
        this.words = words;
        this.geometry = geometry;
        this.patience = patience;
        this.ages = new SliceAges(words, geometry);
    }

    @Override
    public String name() {
        return name;
    }

    RegionGeometry geometry() {
        return geometry;
    }

    @Override
    public void sample(long nowNanos) {
        ages.sample(nowNanos);
    }

    RegionReport report() {
        Findings findings = new Findings();
        List<Missing> missing = new ArrayList<>();
        geometry.lists().forEach(list -> missing.add(new Missing()));
        List<ListLook> looks = look();
        Chains chains = chains(looks);
        for (int i = 1; ; i++) {
            findings.add(problems(looks, chains));
            for (int l = 0; l < looks.size(); l++) {
                missing.get(l).add(looks.get(l));
            }
            boolean settled = findings.isEmpty()
                    && looks.stream().allMatch(look -> look.state() == FreeListState.COMPLETE)
                    && missing.stream().allMatch(Missing::isEmpty);
            if (settled || i == MAX_LOOKS) {
                return report(looks, findings, missing);
            }
            patience.pause(i);
            looks = look();
            chains = chains(looks);
        }
    }

    private List<ListLook> look() {
        return geometry.lists().stream().map(list -> new ListLook(words, list)).toList();
    }

    private Chains chains(List<ListLook> looks) {
        List<HeldSlice> held = new ArrayList<>();
        looks.forEach(look -> held.addAll(look.held()));
        return new Chains(geometry, held);
    }

    private static List<Problem> problems(List<ListLook> looks, Chains chains) {
        List<Problem> problems = new ArrayList<>();
        looks.forEach(look -> problems.addAll(look.problems()));
        problems.addAll(chains.problems());
        return problems;
    }

    private RegionReport report(List<ListLook> looks, Findings findings, List<Missing> missing) {
        List<FreeListState> states = new ArrayList<>();
        List<List<HeldSlice>> unaccounted = new ArrayList<>();
        List<HeldSlice> notFree = new ArrayList<>();
        for (int i = 0; i < looks.size(); i++) {
            ListLook look = looks.get(i);
            FreeListState state = state(look, findings);
            List<HeldSlice> without = missing.get(i).given(state).stream()
                    .limit(ListReport.MAX_DETAILS)
                    .mapToObj(look::read)
                    .toList();
            states.add(state);
            unaccounted.add(without);
            notFree.addAll(look.held());
            if (state == FreeListState.COMPLETE) {
                notFree.addAll(without);
            }
        }
        Chains chains = new Chains(geometry, notFree);
        List<ListReport> lists = new ArrayList<>();
        for (int i = 0; i < looks.size(); i++) {
            FreeListState state = states.get(i);
            int count = missing.get(i).given(state).cardinality();
            lists.add(report(looks.get(i), state, chains, count, unaccounted.get(i)));
        }
        List<Problem> problems = new ArrayList<>(geometry.problems());
        problems.addAll(findings.problems());
        return new RegionReport(name, words.bytes(), geometry.usedBytes(), lists, problems);
    }

    private ListReport report(
            ListLook look, FreeListState state, Chains chains, int unaccountedCount, List<HeldSlice> unaccounted) {
        boolean broken = state != FreeListState.COMPLETE && state != FreeListState.MOVING;
        return new ListReport(
                look.list().header(),
                look.list().sliceBytes(),
                look.list().capacity(),
                look.size(),
                look.walked(),
                look.head(),
                look.tail(),
                state,
                broken ? OptionalInt.of(look.endedAt()) : OptionalInt.empty(),
                look.heldCount(),
                look.held().stream().map(slice -> report(slice, chains)).toList(),
                unaccountedCount,
                unaccounted.stream().map(slice -> report(slice, chains)).toList());
    }

    private static FreeListState state(ListLook look, Findings findings) {
        Problem problem = look.walkProblem();
        return problem == null || findings.contains(problem) ? look.state() : FreeListState.MOVING;
    }

    private SliceReport report(HeldSlice slice, Chains chains) {
        return new SliceReport(
                slice.offset(),
                slice.size(),
                slice.start(),
                slice.next() == HeldSlice.NONE ? OptionalInt.empty() : OptionalInt.of(slice.next()),
                chains.startOf(slice),
                ages.of(slice.offset()));
    }

    /** Slices of one list that all looks missed. */
    private static final class Missing {

        private final BitSet always = new BitSet();
        private final BitSet whenComplete = new BitSet();
        private int looks;
        private int complete;

        void add(ListLook look) {
            intersect(always, look.unaccounted(), looks++);
            if (look.state() == FreeListState.COMPLETE) {
                intersect(whenComplete, look.unaccounted(), complete++);
            }
        }

        private static void intersect(BitSet target, BitSet other, int before) {
            if (before == 0) {
                target.or(other);
            } else {
                target.and(other);
            }
        }

        boolean isEmpty() {
            return whenComplete.isEmpty();
        }

        /** Returns what is unaccounted for, given how the walks ended: one that never came to an end proves nothing. */
        BitSet given(FreeListState state) {
            return switch (state) {
                case COMPLETE -> complete >= MIN_WALKS ? whenComplete : new BitSet();
                case MOVING -> new BitSet();
                case CUT, LOOPS, CORRUPT -> always;
            };
        }
    }
}
