package io.shmipc.inspect;

import java.time.Duration;

/** Writes an inspection for programs; every time is in seconds, every offset and size in bytes. */
final class JsonReport {

    private static final double NANOS_PER_SECOND = 1e9;

    private JsonReport() {}

    static String write(Inspection inspection) {
        return JsonWriter.object(json -> {
            json.field("target", inspection.target());
            json.field("ok", !inspection.hasProblems());
            json.field("watchedSeconds", seconds(inspection.watched()));
            json.objects("regions", inspection.regions(), JsonReport::region);
            json.objects("queuePairs", inspection.queuePairs(), JsonReport::queuePair);
            json.objects("unrecognised", inspection.unrecognised(), (other, memory) -> {
                other.field("name", memory.name());
                other.field("reason", memory.reason());
            });
        });
    }

    private static void region(JsonWriter json, RegionReport region) {
        json.field("name", region.name());
        json.field("bytes", region.bytes());
        json.field("usedBytes", region.usedBytes());
        json.objects("problems", region.problems(), JsonReport::problem);
        json.objects("lists", region.lists(), JsonReport::list);
    }

    private static void list(JsonWriter json, ListReport list) {
        json.field("offset", list.offset());
        json.field("sliceBytes", list.sliceBytes());
        json.field("capacity", list.capacity());
        json.field("freeCounted", list.freeCounted());
        json.field("freeWalked", list.freeWalked());
        json.field("head", Integer.toUnsignedLong(list.head()));
        json.field("tail", Integer.toUnsignedLong(list.tail()));
        json.field("state", list.state().name());
        list.endedAt().ifPresent(offset -> json.field("endedAt", offset));
        json.field("inUseCount", list.inUseCount());
        list.oldestInUse().ifPresent(slice -> json.field("oldestInUseAtLeastSeconds", seconds(slice.unchangedFor())));
        json.objects("inUse", list.inUse(), JsonReport::slice);
        json.field("unaccountedCount", list.unaccountedCount());
        json.objects("unaccounted", list.unaccounted(), JsonReport::slice);
    }

    private static void slice(JsonWriter json, SliceReport slice) {
        json.field("offset", slice.offset());
        json.field("dataBytes", Integer.toUnsignedLong(slice.dataBytes()));
        json.field("dataStart", Integer.toUnsignedLong(slice.dataStart()));
        slice.next().ifPresent(next -> json.field("next", Integer.toUnsignedLong(next)));
        json.field("chainStart", slice.chainStart());
        json.field("unchangedForAtLeastSeconds", seconds(slice.unchangedFor()));
    }

    private static void queuePair(JsonWriter json, QueuePairReport pair) {
        json.field("name", pair.name());
        json.field("bytes", pair.bytes());
        json.objects("problems", pair.problems(), JsonReport::problem);
        json.objects("queues", pair.queues(), JsonReport::queue);
    }

    private static void queue(JsonWriter json, QueueReport queue) {
        json.field("direction", queue.direction().name());
        json.field("offset", queue.offset());
        json.field("capacity", queue.capacity());
        json.field("head", queue.head());
        json.field("tail", queue.tail());
        json.field("working", queue.working());
        json.field("pendingCount", queue.pendingCount());
        json.objects("pending", queue.pending(), (waiting, element) -> {
            waiting.field("streamId", element.streamId());
            waiting.field("offset", element.offset());
            waiting.field("state", element.stateName());
        });
    }

    private static void problem(JsonWriter json, Problem problem) {
        json.field("kind", problem.kind().name());
        json.field("offset", problem.offset());
        json.field("text", problem.text());
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS_PER_SECOND;
    }
}
