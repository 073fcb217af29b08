package io.shmipc.inspect;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Writes an inspection for people: what is wrong first, then the numbers. */
final class TextReport {

    private static final int FEW = 10;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Inspection inspection;
    private final int most;
    private final StringBuilder text = new StringBuilder();

    TextReport(Inspection inspection, boolean all) {
        this.inspection = inspection;
        this.most = all ? Integer.MAX_VALUE : FEW;
    }

    String write() {
        line("%s: %s, %s", Names.printable(inspection.target()), found(), verdict());
        inspection.regions().forEach(region -> writeProblems(region.name(), region.problems()));
        inspection.queuePairs().forEach(queues -> writeProblems(queues.name(), queues.problems()));
        inspection.regions().forEach(this::writeRegion);
        inspection.queuePairs().forEach(this::writeQueues);
        if (!inspection.unrecognised().isEmpty()) {
            line("");
            line("not shown");
            inspection
                    .unrecognised()
                    .forEach(other -> line("  %s: %s", Names.printable(other.name()), Names.printable(other.reason())));
        }
        return text.toString();
    }

    private String found() {
        return count(inspection.regions().size(), "region") + " and "
                + count(inspection.queuePairs().size(), "pair") + " of queues";
    }

    private String verdict() {
        int problems = inspection.problems().size();
        return problems == 0 ? "no problem found" : count(problems, "PROBLEM");
    }

    private void writeProblems(String name, List<Problem> problems) {
        if (problems.isEmpty()) {
            return;
        }
        line("");
        line("PROBLEMS in %s", Names.printable(name));
        problems.stream().limit(most).forEach(problem -> line("  %s: %s", problem.kind(), problem.text()));
        writeRest(problems.size());
    }

    private void writeRegion(RegionReport region) {
        line("");
        line("region %s, %d B", Names.printable(region.name()), region.bytes());
        String columns = "  %10s %8s %8s %8s %8s %11s  %s";
        line(columns, "slice size", "slices", "free", "on list", "in use", "unaccounted", "free list");
        for (ListReport list : region.lists()) {
            line(
                    columns,
                    list.sliceBytes() + " B",
                    list.capacity(),
                    list.freeCounted(),
                    list.freeWalked(),
                    list.inUseCount(),
                    list.unaccountedCount(),
                    state(list));
        }
        String times = !inspection.watched().isZero()
                ? ", with the time since which the content has not changed"
                : "; the memory holds no times, --watch SECONDS measures for how long";
        Map<Integer, String> owners = owners(region);
        writeSlices(region, "in use" + times, ListReport::inUse, ListReport::inUseCount, owners);
        writeSlices(
                region,
                "unaccounted: neither on the free list nor flagged in use. Behind a break of the list they are lost; else they"
                        + " are lost\n  or kept by a peer written in Go, which does not flag what it uses again",
                ListReport::unaccounted,
                ListReport::unaccountedCount,
                owners);
    }

    private static String state(ListReport list) {
        String ends = list.state().word() + ", head " + Integer.toUnsignedString(list.head()) + ", tail "
                + Integer.toUnsignedString(list.tail());
        return list.endedAt().isPresent() ? ends + ", ends at " + list.endedAt().getAsInt() : ends;
    }

    private void writeSlices(
            RegionReport region,
            String title,
            Function<ListReport, List<SliceReport>> slices,
            ToIntFunction<ListReport> count,
            Map<Integer, String> owners) {
        if (region.lists().stream().mapToInt(count).sum() == 0) {
            return;
        }
        line("  %s", title);
        for (ListReport list : region.lists()) {
            slices.apply(list).stream()
                    .sorted(Comparator.comparing(SliceReport::unchangedFor).reversed())
                    .limit(most)
                    .forEach(slice -> writeSlice(list, slice, owners));
            writeRest(count.applyAsInt(list));
        }
    }

    private void writeSlice(ListReport list, SliceReport slice, Map<Integer, String> owners) {
        StringBuilder row = new StringBuilder();
        row.append(String.format(
                Locale.ROOT,
                "    %10d  %d B of %d",
                slice.offset(),
                Integer.toUnsignedLong(slice.dataBytes()),
                list.sliceBytes()));
        slice.next().ifPresent(next -> row.append(", then ").append(Integer.toUnsignedString(next)));
        if (slice.chainStart() != slice.offset()) {
            row.append(", chain of ").append(slice.chainStart());
        }
        if (!inspection.watched().isZero()) {
            boolean known = slice.unchangedFor().compareTo(Duration.ZERO) > 0;
            row.append(known ? ", at least " + seconds(slice.unchangedFor()) : ", new or changing");
        }
        String owner = owners.get(slice.chainStart());
        if (owner != null) {
            row.append(", waits for ").append(owner);
        }
        line("%s", row);
    }

    /** Returns who will get a chain, by the offset of its first slice. */
    private Map<Integer, String> owners(RegionReport region) {
        Map<Integer, String> owners = new HashMap<>();
        for (QueuePairReport pair : inspection.queuePairs()) {
            if (Names.belongTogether(region.name(), pair.name())) {
                for (QueueReport queue : pair.queues()) {
                    for (PendingElement element : queue.pending()) {
                        String owner = "stream " + element.streamId() + ", "
                                + queue.direction().words();
                        owners.put((int) element.offset(), owner);
                    }
                }
            }
        }
        return owners;
    }

    private void writeQueues(QueuePairReport pair) {
        line("");
        line("queues %s, %d B", Names.printable(pair.name()), pair.bytes());
        for (QueueReport queue : pair.queues()) {
            line(
                    "  %s: %d of %d wait, head %d, tail %d, consumer %s",
                    queue.direction().words(),
                    queue.pendingCount(),
                    queue.capacity(),
                    queue.head(),
                    queue.tail(),
                    queue.working() ? "awake (working 1)" : "asleep (working 0)");
            queue.pending().stream()
                    .limit(most)
                    .forEach(element -> line(
                            "    stream %d, %s, %s",
                            element.streamId(),
                            element.stateName(),
                            element.offset() == 0 ? "no data" : "data at " + element.offset()));
            writeRest(queue.pendingCount());
        }
    }

    private void writeRest(int count) {
        if (count > most) {
            line("    ... and %d more; --all shows them", count - most);
        }
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : what.equals("PROBLEM") ? "S" : "s");
    }

    /** Returns a time with two decimals at most. */
    static String seconds(Duration time) {
        String number = String.format(Locale.ROOT, "%.2f", time.toNanos() / NANOS_PER_SECOND);
        return number.replaceAll("\\.?0+$", "") + " s";
    }
}
