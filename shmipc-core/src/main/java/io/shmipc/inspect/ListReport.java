package io.shmipc.inspect;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * One free list of a region and its slices.
 *
 * @param offset of its header in the region
 * @param sliceBytes the data bytes of each slice
 * @param capacity the number of slices
 * @param freeCounted the number of free slices, as the list's header tells
 * @param freeWalked the number of free slices that the walk along the list met
 * @param head the first free slice, from the start of the list's slices
 * @param tail the last free slice, from the start of the list's slices
 * @param state how the walk ended
 * @param endedAt the region offset where it ended, unless it is complete or the list was moving
 * @param inUseCount the number of slices that are flagged in use
 * @param inUse those slices, by offset; at most the first {@value #MAX_DETAILS}
 * @param unaccountedCount the number of slices that are neither on the free list nor flagged in use. If the list is
 *     broken, they are what is behind the break. If it is complete, they are lost, or a peer written in Go keeps them:
 *     it does not flag a slice that it uses again without giving it back
 * @param unaccounted those slices, by offset; at most the first {@value #MAX_DETAILS}
 */
public record ListReport(
        int offset,
        int sliceBytes,
        int capacity,
        int freeCounted,
        int freeWalked,
        int head,
        int tail,
        FreeListState state,
        OptionalInt endedAt,
        int inUseCount,
        List<SliceReport> inUse,
        int unaccountedCount,
        List<SliceReport> unaccounted) {

    /** How many slices of one list are described one by one. */
    public static final int MAX_DETAILS = 65_536;

    public ListReport {
        inUse = List.copyOf(inUse);
        unaccounted = List.copyOf(unaccounted);
    }

    /**
     * Returns the slice in use whose content has been unchanged for longest, if the memory was watched.
     *
     * @return empty if it was not, or no slice in use was the same twice
     */
    public Optional<SliceReport> oldestInUse() {
        return Stream.concat(inUse.stream(), isBroken() ? Stream.empty() : unaccounted.stream())
                .filter(slice -> slice.unchangedFor().compareTo(Duration.ZERO) > 0)
                .max(Comparator.comparing(SliceReport::unchangedFor));
    }

    /** Returns whether the walk ended where it should not. */
    public boolean isBroken() {
        return endedAt.isPresent();
    }
}
