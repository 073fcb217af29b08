package io.shmipc.spring.boot.autoconfigure.endpoint;

import io.shmipc.inspect.FreeListState;
import io.shmipc.inspect.Inspection;
import io.shmipc.inspect.ListReport;
import io.shmipc.inspect.Problem;
import io.shmipc.inspect.QueuePairReport;
import io.shmipc.inspect.QueueReport;
import io.shmipc.inspect.RegionReport;
import io.shmipc.inspect.SliceReport;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the shared memory of this process looks like inside.
 *
 * @param regions the regions that sessions take their slices from
 * @param queues two of each session
 * @param problems what is wrong in the memory; empty if nothing is
 * @param unavailable why there is nothing to see; null if there is
 */
public record InspectionDescriptor(
        List<Region> regions,
        List<Queue> queues,
        List<Trouble> problems,
        @Nullable String unavailable) implements OperationResponseBody {

    /**
     * A region.
     *
     * @param name path of its file, or label of its memfd
     * @param bytes its size
     * @param freeLists its free lists, by slice size
     */
    public record Region(Object name, long bytes, List<FreeList> freeLists) {}

    /**
     * A free list and its slices.
     *
     * @param sliceBytes usable bytes of each slice
     * @param slices number of slices, in use or not
     * @param free number of free slices on the list
     * @param inUse number of slices that are flagged in use
     * @param unaccounted number of slices that are neither, see docs/inspect.md
     * @param state how a walk along the list ended
     * @param oldestInUse how long the slice that changed last has been the same, at least; null unless it was watched
     */
    public record FreeList(
            int sliceBytes,
            int slices,
            int free,
            int inUse,
            int unaccounted,
            FreeListState state,
            @Nullable Duration oldestInUse) {}

    /**
     * A queue.
     *
     * @param name path of its file, or label of its memfd
     * @param direction who sends on it
     * @param capacity how many messages can wait
     * @param waiting how many do
     * @param consumed how many were consumed since it was made
     * @param consumerAwake whether its consumer looks without being woken
     */
    public record Queue(
            Object name,
            QueueReport.Direction direction,
            int capacity,
            int waiting,
            long consumed,
            boolean consumerAwake) {}

    /**
     * Something that is wrong.
     *
     * @param kind what it is, for programs
     * @param text what it is, for people
     */
    public record Trouble(Problem.Kind kind, String text) {}

    /** Returns that there is nothing to see. */
    static InspectionDescriptor none(String why) {
        return new InspectionDescriptor(List.of(), List.of(), List.of(), why);
    }

    /**
     * @param naming says how the name of a memory is shown
     */
    static InspectionDescriptor of(Inspection inspection, Function<String, Object> naming) {
        return new InspectionDescriptor(
                inspection.regions().stream()
                        .map(region -> region(region, naming))
                        .toList(),
                inspection.queuePairs().stream()
                        .flatMap(pair -> queues(pair, naming))
                        .toList(),
                inspection.problems().stream()
                        .map(problem -> new Trouble(problem.kind(), problem.text()))
                        .toList(),
                null);
    }

    private static Region region(RegionReport region, Function<String, Object> naming) {
        return new Region(
                naming.apply(region.name()),
                region.bytes(),
                region.lists().stream().map(InspectionDescriptor::freeList).toList());
    }

    private static FreeList freeList(ListReport list) {
        return new FreeList(
                list.sliceBytes(),
                list.capacity(),
                list.freeWalked(),
                list.inUseCount(),
                list.unaccountedCount(),
                list.state(),
                list.oldestInUse().map(SliceReport::unchangedFor).orElse(null));
    }

    private static Stream<Queue> queues(QueuePairReport pair, Function<String, Object> naming) {
        return pair.queues().stream()
                .map(queue -> new Queue(
                        naming.apply(pair.name()),
                        queue.direction(),
                        queue.capacity(),
                        queue.pendingCount(),
                        queue.head(),
                        queue.working()));
    }
}
