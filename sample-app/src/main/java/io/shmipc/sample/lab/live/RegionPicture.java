package io.shmipc.sample.lab.live;

import io.shmipc.ShmipcConfig;
import io.shmipc.inspect.Inspection;
import io.shmipc.inspect.InspectionException;
import io.shmipc.inspect.ListReport;
import io.shmipc.inspect.RegionReport;
import io.shmipc.inspect.SliceReport;
import io.shmipc.sample.lab.live.Snapshot.SliceList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which slices of this process's region are in use: a look at the live memory, as the inspection tool takes it. */
final class RegionPicture {

    private RegionPicture() {}

    /** Returns the lists of the region of that size; none if this process has none. */
    static List<SliceList> of(long regionBytes) {
        try {
            return Inspection.ofProcess(ProcessHandle.current().pid()).regions().stream()
                    .filter(region -> region.bytes() == regionBytes)
                    // After a hot restart two may be there for a moment: the newer one is mapped later.
                    .reduce((first, second) -> second)
                    .map(RegionReport::lists)
                    .orElse(List.of())
                    .stream()
                    .map(RegionPicture::picture)
                    .toList();
        } catch (InspectionException e) {
            // No session is open, so there is no memory to look at.
            return List.of();
        }
    }

    private static SliceList picture(ListReport list) {
        int stride = list.sliceBytes() + ShmipcConfig.SLICE_HEADER_BYTES;
        int[] used = Stream.concat(list.inUse().stream(), list.unaccounted().stream())
                .mapToInt(SliceReport::offset)
                // The list's header before the first slice is shorter than a slice.
                .map(offset -> (offset - list.offset()) / stride)
                .sorted()
                .toArray();
        List<int[]> runs = new ArrayList<>();
        for (int slice : used) {
            int[] last = runs.isEmpty() ? new int[] {-1, 0} : runs.get(runs.size() - 1);
            if (last[0] + last[1] == slice) {
                last[1]++;
            } else {
                runs.add(new int[] {slice, 1});
            }
        }
        return new SliceList(list.sliceBytes(), list.capacity(), runs);
    }
}
