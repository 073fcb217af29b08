package io.shmipc.inspect;

import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import io.shmipc.layout.SliceLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * What a region's headers say about where its slices are, as far as that fits the memory.
 *
 * @param usedBytes the bytes that the lists take, as the region's header tells
 * @param lists those that fit, at least one
 * @param problems why a list is missing, or the headers contradict each other
 */
record RegionGeometry(long usedBytes, List<ListGeometry> lists, List<Problem> problems) {

    private static final int MAX_LISTS = 256;
    private static final int COUNT_MASK = 0xffff;

    /**
     * Reads the headers.
     *
     * @throws UnrecognisedException if not even the first list makes sense
     */
    static RegionGeometry read(Words words) throws UnrecognisedException {
        if (words.bytes() < RegionLayout.HEADER_BYTES + FreeListLayout.HEADER_BYTES + SliceLayout.HEADER_BYTES) {
            throw new UnrecognisedException("has no room for a list");
        }
        int count = words.at(RegionLayout.LISTS) & COUNT_MASK;
        if (count == 0 || count > MAX_LISTS) {
            throw new UnrecognisedException("would have " + count + " lists");
        }
        List<ListGeometry> lists = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        int offset = RegionLayout.HEADER_BYTES;
        int smaller = 0;
        for (int i = 0; i < count; i++) {
            try {
                ListGeometry list = readList(words, offset, smaller);
                lists.add(list);
                offset = list.end();
                smaller = list.sliceBytes();
            } catch (UnrecognisedException e) {
                if (lists.isEmpty()) {
                    throw new UnrecognisedException("would have a first list that " + e.getMessage());
                }
                problems.add(new Problem(
                        Problem.Kind.GEOMETRY,
                        offset,
                        "List " + (i + 1) + " of " + count + " " + e.getMessage()
                                + "; it and what follows cannot be shown."));
                break;
            }
        }
        long used = words.unsignedAt(RegionLayout.USED_BYTES);
        if (problems.isEmpty() && used != offset - RegionLayout.HEADER_BYTES) {
            problems.add(new Problem(
                    Problem.Kind.GEOMETRY,
                    RegionLayout.USED_BYTES,
                    "The header tells " + used + " used bytes, but the lists take "
                            + (offset - RegionLayout.HEADER_BYTES) + "."));
        }
        return new RegionGeometry(used, List.copyOf(lists), List.copyOf(problems));
    }

    /** Reads one list; each word once, so that nobody can change it between the check and its use. */
    private static ListGeometry readList(Words words, int offset, int smaller) throws UnrecognisedException {
        long room = (long) words.bytes() - offset;
        if (room < FreeListLayout.HEADER_BYTES + SliceLayout.HEADER_BYTES) {
            throw new UnrecognisedException("begins behind the end");
        }
        int capacity = words.at(offset + FreeListLayout.CAPACITY);
        int sliceBytes = words.at(offset + FreeListLayout.SLICE_BYTES);
        String claim = "tells " + Integer.toUnsignedString(capacity) + " slices of "
                + Integer.toUnsignedString(sliceBytes) + " B";
        if (capacity <= 0 || sliceBytes <= smaller) {
            throw new UnrecognisedException(claim + (smaller > 0 ? " after one of " + smaller + " B" : ""));
        }
        if (sliceBytes > room || FreeListLayout.listBytes(capacity, sliceBytes) > room) {
            throw new UnrecognisedException(claim + ", more than the memory holds");
        }
        int first = words.at(offset + FreeListLayout.HEADER_BYTES + SliceLayout.CAPACITY);
        if (smaller == 0 && first != sliceBytes) {
            throw new UnrecognisedException(
                    claim + ", but its first slice tells " + Integer.toUnsignedString(first) + " B");
        }
        return new ListGeometry(offset, capacity, sliceBytes);
    }

    /** Returns whether a slice begins at a region offset. */
    boolean isSlice(int offset) {
        for (ListGeometry list : lists) {
            if (list.indexOfOffset(offset) >= 0) {
                return true;
            }
        }
        return false;
    }
}
