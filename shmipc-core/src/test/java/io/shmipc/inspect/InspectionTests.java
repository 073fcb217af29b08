package io.shmipc.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.shmipc.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class InspectionTests {

    @TempDir
    Path directory;

    @Test
    void aNewRegionHasEverySliceFree() {
        RegionReport region = inspect(Golden.REGION_CREATED).regions().get(0);

        assertThat(region.bytes()).isEqualTo(1 << 20);
        assertThat(region.usedBytes()).isEqualTo(1_031_276);
        assertThat(region.problems()).isEmpty();
        assertThat(region.lists())
                .extracting(
                        ListReport::offset,
                        ListReport::sliceBytes,
                        ListReport::capacity,
                        ListReport::freeCounted,
                        ListReport::freeWalked,
                        ListReport::head,
                        ListReport::tail)
                .containsExactly(
                        tuple(8, 1004, 511, 511, 511, 0, 522_240),
                        tuple(523_308, 4076, 76, 76, 76, 0, 307_200),
                        tuple(834_640, 16_364, 12, 12, 12, 0, 180_224));
        assertThat(region.lists()).allSatisfy(list -> {
            assertThat(list.state()).isEqualTo(FreeListState.COMPLETE);
            assertThat(list.endedAt()).isEmpty();
            assertThat(list.inUse()).isEmpty();
            assertThat(list.unaccounted()).isEmpty();
            assertThat(list.oldestInUse()).isEmpty();
        });
    }

    @Test
    void aChainIsShownWithItsSuccessorsAndItsOwner() {
        ListReport large = inspect(Golden.REGION_CHAIN).regions().get(0).lists().get(2);

        assertThat(large.freeWalked()).isEqualTo(9);
        assertThat(large.inUse())
                .containsExactly(
                        new SliceReport(834_676, 16_364, 0, OptionalInt.of(851_060), 834_676, Duration.ZERO),
                        new SliceReport(851_060, 16_364, 0, OptionalInt.of(867_444), 834_676, Duration.ZERO),
                        new SliceReport(867_444, 7272, 0, OptionalInt.empty(), 834_676, Duration.ZERO));
    }

    @Test
    void listsThatWentRoundAreWalkedToTheirTails() {
        Inspection inspection = inspect(Golden.REGION_FALLBACK);

        assertThat(inspection.hasProblems()).isFalse();
        assertThat(inspection.regions().get(0).lists())
                .extracting(ListReport::freeWalked, ListReport::inUseCount, ListReport::head, ListReport::tail)
                .containsExactly(
                        tuple(510, 1, 522_240, 521_216), tuple(75, 1, 307_200, 303_104), tuple(9, 3, 180_224, 163_840));
    }

    @Test
    void waitingElementsAreShownOldestFirst() {
        QueuePairReport queues = inspect(Golden.QUEUE_TWO_STREAMS).queuePairs().get(0);

        QueueReport toServer = queues.queues().get(0);
        assertThat(toServer.direction()).isEqualTo(QueueReport.Direction.CLIENT_TO_SERVER);
        assertThat(toServer.capacity()).isEqualTo(64);
        assertThat(toServer.head()).isZero();
        assertThat(toServer.tail()).isEqualTo(4);
        assertThat(toServer.working()).isTrue();
        assertThat(toServer.pendingCount()).isEqualTo(4);
        assertThat(toServer.pending())
                .containsExactly(
                        new PendingElement(2, 44, 0),
                        new PendingElement(2, 834_676, 0),
                        new PendingElement(3, 523_344, 0),
                        new PendingElement(2, 0, 1));
        QueueReport toClient = queues.queues().get(1);
        assertThat(toClient.pending()).isEmpty();
        assertThat(toClient.working()).isFalse();
        assertThat(queues.problems()).isEmpty();
    }

    @Test
    void watchingTellsForHowLongSlicesHaveBeenUnchanged() {
        Path file = Golden.file(directory, Golden.REGION_TWO_STREAMS);

        Inspection inspection = Inspection.ofFile(file, Duration.ofMillis(100));

        assertThat(inspection.watched()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(inspection.regions().get(0).lists())
                .allSatisfy(list -> assertThat(list.oldestInUse().orElseThrow().unchangedFor())
                        .isEqualTo(inspection.watched()));
    }

    @Test
    void aSliceWhoseContentChangesIsAsOldAsItsContent() throws Exception {
        var memory = Golden.memory(Golden.REGION_CHAIN);
        RegionExaminer examiner = (RegionExaminer) Golden.examiner(memory);

        examiner.sample(1_000);
        memory.putInt(851_060 + 20 + 5000, 77);
        examiner.sample(3_000);
        examiner.sample(6_000);

        assertThat(examiner.report().lists().get(2).inUse())
                .extracting(slice -> slice.unchangedFor().toNanos())
                .containsExactly(5_000L, 3_000L, 5_000L);
    }

    @Test
    void aQueueThatNobodyConsumesWhileItIsWatchedIsAProblem() {
        Path file = Golden.file(directory, Golden.QUEUE_TWO_STREAMS);

        Inspection inspection = Inspection.ofFile(file, Duration.ofMillis(50));

        assertThat(inspection.problems()).extracting(Problem::kind).containsExactly(Problem.Kind.STALLED);
    }

    @Test
    void aThreadThatIsInterruptedStopsWatching() {
        Path file = Golden.file(directory, Golden.REGION_CREATED);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Inspection.ofFile(file, Duration.ofHours(1)))
                .isInstanceOfSatisfying(
                        InspectionException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INTERRUPTED));
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Golden.REGION_CREATED,
                Golden.REGION_CHAIN,
                Golden.REGION_TWO_STREAMS,
                Golden.REGION_FALLBACK,
                Golden.QUEUE_CREATED,
                Golden.QUEUE_TWO_STREAMS
            })
    void jsonSaysWhatTheRecordsSay(String name) {
        Inspection inspection = inspect(name);

        JsonNode json = new JsonMapper().readTree(inspection.toJson());

        assertThat(json.get("target").asString()).isEqualTo(inspection.target());
        assertThat(json.get("ok").asBoolean()).isTrue();
        assertThat(json.get("regions").size()).isEqualTo(inspection.regions().size());
        for (RegionReport region : inspection.regions()) {
            for (int i = 0; i < region.lists().size(); i++) {
                JsonNode list = json.get("regions").get(0).get("lists").get(i);
                ListReport expected = region.lists().get(i);
                assertThat(list.get("freeWalked").asInt()).isEqualTo(expected.freeWalked());
                assertThat(list.get("inUse").size()).isEqualTo(expected.inUseCount());
            }
        }
        for (QueuePairReport queues : inspection.queuePairs()) {
            JsonNode toServer = json.get("queuePairs").get(0).get("queues").get(0);
            assertThat(toServer.get("tail").asLong())
                    .isEqualTo(queues.queues().get(0).tail());
            assertThat(toServer.get("pending").size())
                    .isEqualTo(queues.queues().get(0).pendingCount());
        }
    }

    @Test
    void textBeginsWithTheVerdictAndListsAFewSlicesUnlessAskedForAll() throws IOException {
        byte[] bytes = Golden.bytes(Golden.REGION_CREATED);
        ByteBuffer memory = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        for (int i = 0; i < 20; i++) {
            memory.putInt(44 + i * 1024 + 16, 2);
        }
        memory.putInt(8, 491).putInt(16, 20 * 1024);
        Path file = Files.write(directory.resolve("twenty"), bytes);

        Inspection inspection = Inspection.ofFile(file);

        assertThat(inspection.toText(false))
                .startsWith(file + ": 1 region and 0 pairs of queues, no problem found\n")
                .contains("... and 10 more");
        assertThat(inspection.toText(true)).doesNotContain("more").contains(" " + (44 + 19 * 1024) + " ");
    }

    @Test
    void whatHoldsNoShmipcMemoryIsRefusedWithTheReason() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "Once upon a time there was a file.\n".repeat(100));
        Path zeros = Files.write(directory.resolve("zeros"), new byte[4096]);
        Path one = Files.write(directory.resolve("one"), new byte[1]);
        Path empty = Files.createFile(directory.resolve("empty"));

        for (Path file : List.of(text, zeros, one)) {
            assertThatThrownBy(() -> Inspection.ofFile(file))
                    .isInstanceOf(InspectionException.class)
                    .hasMessageStartingWith(file + " holds no shmipc memory: it is neither");
        }
        assertThatThrownBy(() -> Inspection.ofFile(empty))
                .isInstanceOf(InspectionException.class)
                .hasMessageContaining("0 bytes");
        assertThatThrownBy(() -> Inspection.ofFile(directory)).hasMessageContaining("is not a regular file");
        assertThatThrownBy(() -> Inspection.ofFile(directory.resolve("missing")))
                .isInstanceOf(InspectionException.class)
                .hasMessage("There is no file " + directory.resolve("missing") + ".");
    }

    @Test
    void aFileLargerThanABufferIsRefused() throws IOException {
        Path file = directory.resolve("large");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(1L << 31);
        }

        assertThatThrownBy(() -> Inspection.ofFile(file)).hasMessageContaining("2147483648 bytes");
    }

    @Test
    void memoryThatShrinksWhileItIsReadIsNotedAndEndsNothing() throws Exception {
        Path file = Golden.file(directory, Golden.REGION_CREATED);
        Examiner examiner = Examiner.of("shrinking", MappedFile.map(file, "shrinking"), look -> {});
        try (RandomAccessFile shrinking = new RandomAccessFile(file.toFile(), "rw")) {
            shrinking.setLength(4096);
        }

        Inspection inspection = Inspection.examine("test", List.of(examiner), List.of(), Duration.ofMillis(1));

        assertThat(inspection.regions()).isEmpty();
        assertThat(inspection.unrecognised())
                .containsExactly(new Unrecognised("shrinking", "became smaller while it was read"));
    }

    private Inspection inspect(String golden) {
        return Inspection.ofFile(Golden.file(directory, golden));
    }
}
