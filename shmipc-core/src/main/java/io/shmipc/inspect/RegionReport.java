package io.shmipc.inspect;

import java.util.List;

/**
 * A buffer region at one moment.
 *
 * @param name the path of its file, or the label of its memfd
 * @param bytes the size of the memory
 * @param usedBytes how much of it the lists take, as its header tells
 * @param lists its free lists, by slice size
 * @param problems what is wrong with it
 */
public record RegionReport(String name, long bytes, long usedBytes, List<ListReport> lists, List<Problem> problems) {

    public RegionReport {
        lists = List.copyOf(lists);
        problems = List.copyOf(problems);
    }

    /** Returns the number of slices in use. */
    public int slicesInUse() {
        return lists.stream().mapToInt(ListReport::inUseCount).sum();
    }
}
