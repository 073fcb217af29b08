package io.shmipc.inspect;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * For how long slices have been out of the free list without a change, as far as repeated looks can tell.
 *
 * <p>The memory holds no times. A slice whose header and data are the same in every sample since some moment is taken
 * to have been so since then: giving it back and taking it again would have changed its header, all but surely.
 *
 * <p><b>Threads:</b> one.
 */
final class SliceAges {

    private record Seen(long fingerprint, long sinceNanos) {}

    private final Words words;
    private final RegionGeometry geometry;
    private Map<Integer, Seen> seen = new HashMap<>();
    private long lastNanos;

    SliceAges(Words words, RegionGeometry geometry) {
        this.words = words;
        this.geometry = geometry;
    }

    void sample(long nowNanos) {
        Map<Integer, Seen> now = new HashMap<>();
        for (ListGeometry list : geometry.lists()) {
            ListLook look = new ListLook(words, list);
            look.held().forEach(slice -> add(now, slice.offset(), list, nowNanos));
            look.unaccounted().stream()
                    .limit(ListReport.MAX_DETAILS)
                    .forEach(index -> add(now, list.offsetOf(index), list, nowNanos));
        }
        seen = now;
        lastNanos = nowNanos;
    }

    private void add(Map<Integer, Seen> now, int offset, ListGeometry list, long nowNanos) {
        long fingerprint = words.fingerprint(offset, list.stride());
        Seen before = seen.get(offset);
        boolean same = before != null && before.fingerprint == fingerprint;
        now.put(offset, same ? before : new Seen(fingerprint, nowNanos));
    }

    /** Returns the least time that a slice has been unchanged; zero if it is not known. */
    Duration of(int offset) {
        Seen slice = seen.get(offset);
        return slice == null ? Duration.ZERO : Examiner.between(slice.sinceNanos, lastNanos);
    }
}
