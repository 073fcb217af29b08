package io.shmipc.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.shmipc.SliceSize;
import io.shmipc.layout.QueueLayout;
import io.shmipc.shm.Region;
import io.shmipc.shm.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DamageTests {

    private static final int MUTATIONS = 20_000;
    private static final int STRIDE = 1024;
    private static final int FIRST = Golden.SMALL_LIST + 36;
    private static final int SIZE = 4;
    private static final int NEXT = 12;
    private static final int FLAGS = 16;

    private final ByteBuffer region = Golden.memory(Golden.REGION_TWO_STREAMS);
    private final ByteBuffer queues = Golden.memory(Golden.QUEUE_TWO_STREAMS);

    @Test
    void aListWhoseLinkWasNeverWrittenIsCutThere() {
        int cut = slice(100);
        region.putInt(cut + FLAGS, 0);

        RegionReport report = Golden.region(region);

        ListReport list = report.lists().get(0);
        assertThat(list.state()).isEqualTo(FreeListState.CUT);
        assertThat(list.endedAt()).hasValue(cut);
        assertThat(list.freeWalked()).isEqualTo(100);
        assertThat(list.freeCounted()).isEqualTo(510);
        assertThat(list.unaccountedCount()).isEqualTo(410);
        assertProblems(report, Problem.Kind.LIST_CUT);
    }

    @Test
    void aListThatLeadsBackIsALoop() {
        region.putInt(slice(200) + NEXT, 50 * STRIDE);

        RegionReport report = Golden.region(region);

        assertThat(report.lists().get(0).state()).isEqualTo(FreeListState.LOOPS);
        assertThat(report.lists().get(0).endedAt()).hasValue(slice(50));
        assertProblems(report, Problem.Kind.LIST_LOOP);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1024, 511 * STRIDE, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aLinkToNowhereIsCorrupt(int place) {
        region.putInt(slice(7) + NEXT, place);

        RegionReport report = Golden.region(region);

        assertThat(report.lists().get(0).state()).isEqualTo(FreeListState.CORRUPT);
        assertThat(report.lists().get(0).endedAt()).hasValue(slice(7));
        assertProblems(report, Problem.Kind.LIST_CORRUPT);
    }

    @Test
    void aSliceThatIsFreeAndInUseIsCorrupt() {
        region.putInt(slice(7) + FLAGS, 3);

        assertThat(Golden.region(region).lists().get(0).state()).isEqualTo(FreeListState.CORRUPT);
    }

    @Test
    void aTailOrHeadThatIsNoSliceIsCorrupt() {
        region.putInt(Golden.SMALL_LIST + 12, 3);
        region.putInt(Golden.LARGE_LIST + 8, -4);

        RegionReport report = Golden.region(region);

        assertThat(report.lists().get(0).endedAt()).hasValue(Golden.SMALL_LIST + 12);
        assertThat(report.lists().get(2).endedAt()).hasValue(Golden.LARGE_LIST + 8);
    }

    @Test
    void aSliceThatIsNeitherFreeNorFlaggedInUseIsUnaccountedForAndNoProblem() {
        region.putInt(slice(0) + FLAGS, 0);

        RegionReport report = Golden.region(region);

        assertThat(report.lists().get(0).unaccountedCount()).isEqualTo(1);
        assertThat(report.lists().get(0).unaccounted())
                .extracting(SliceReport::offset)
                .containsExactly(slice(0));
        assertThat(report.problems()).isEmpty();
    }

    @Test
    void aChainWhoseFirstSliceIsNotFlaggedIsStillOneChain() {
        region.putInt(834_676 + FLAGS, 1);

        ListReport list = Golden.region(region).lists().get(2);

        assertThat(list.unaccounted()).extracting(SliceReport::offset).containsExactly(834_676);
        assertThat(list.inUse()).extracting(SliceReport::offset).containsExactly(851_060, 867_444);
        assertThat(list.inUse()).extracting(SliceReport::chainStart).containsOnly(834_676);
    }

    @Test
    void aCountOfFreeSlicesThatDiffersFromTheListIsAProblem() {
        region.putInt(Golden.SMALL_LIST, 509);

        RegionReport report = Golden.region(region);

        assertThat(report.lists().get(0).freeWalked()).isEqualTo(510);
        assertProblems(report, Problem.Kind.SIZE_WORD);
    }

    @Test
    void headersThatNoPeerAcceptsAreProblems() {
        region.putInt(slice(0) + SIZE, 1005);
        region.putInt(slice(9), 1000);

        assertProblems(Golden.region(region), Problem.Kind.SLICE_HEADER, Problem.Kind.SLICE_HEADER);
    }

    @ParameterizedTest
    @ValueSource(ints = {834_676, 851_060, 867_444})
    void aChainThatLeadsBackIsAProblem(int successor) {
        region.putInt(867_444 + NEXT, successor).putInt(867_444 + FLAGS, 3);

        RegionReport report = Golden.region(region);

        assertProblems(report, Problem.Kind.CHAIN);
        assertThat(report.lists().get(2).inUse())
                .allSatisfy(slice -> assertThat(slice.chainStart()).isEqualTo(834_676));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 45, -20, 1 << 20})
    void aChainThatLeadsNowhereIsAProblem(int successor) {
        region.putInt(867_444 + NEXT, successor).putInt(867_444 + FLAGS, 3);

        assertProblems(Golden.region(region), Problem.Kind.CHAIN);
    }

    @Test
    void aRegionWhoseLaterListsMakeNoSenseIsShownUpToThere() {
        region.putInt(Golden.LARGE_LIST + 4, 14);

        RegionReport report = Golden.region(region);

        assertThat(report.lists()).hasSize(2);
        assertProblems(report, Problem.Kind.GEOMETRY);
    }

    @Test
    void aWrongNumberOfUsedBytesIsAProblem() {
        region.putInt(4, 1);

        assertProblems(Golden.region(region), Problem.Kind.GEOMETRY);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 5, 70, 4_294_967_300L})
    void countersThatContradictEachOtherAreAProblem(long head) {
        queues.putInt(head(), (int) head).putInt(head() + 4, (int) (head >> 32));

        QueuePairReport report = Golden.queues(queues);

        assertThat(report.problems()).extracting(Problem::kind).containsExactly(Problem.Kind.QUEUE_COUNTERS);
        assertThat(report.queues().get(0).pending()).isEmpty();
        assertThat(report.queues().get(0).head()).isEqualTo(head);
    }

    @Test
    void countersBeyondThirtyTwoBitsAreShownInFull() {
        long head = 0xffff_fffeL;
        long tail = head + 4;
        int at = head();
        queues.putInt(at, (int) head).putInt(at + 4, 0);
        queues.putInt(at + 8, (int) tail).putInt(at + 12, 1);

        QueueReport queue = Golden.queues(queues).queues().get(0);

        assertThat(queue.head()).isEqualTo(head);
        assertThat(queue.tail()).isEqualTo(tail);
        assertThat(queue.pending())
                .extracting(PendingElement::streamId)
                .as("the slots 62, 63, 0 and 1")
                .containsExactly(0L, 0L, 2L, 2L);
    }

    @Test
    void elementsThatWaitForAConsumerThatWasNotToldAreAProblem() {
        queues.putInt(QueueLayout.ofThisMachine().working(), 0);

        assertThat(Golden.queues(queues).problems()).extracting(Problem::kind).containsExactly(Problem.Kind.NOT_WOKEN);
    }

    @Test
    void aWorkingFlagThatIsNoFlagIsAProblem() {
        queues.putInt(QueueLayout.ofThisMachine().working(), 7);

        assertThat(Golden.queues(queues).problems())
                .extracting(Problem::kind)
                .containsExactly(Problem.Kind.WORKING_FLAG);
    }

    @Test
    void anElementOfAnUnknownStateOrBetweenSlicesIsAProblem() throws Exception {
        queues.putInt(24 + 8, 9).putInt(24 + 12 + 4, 834_677);
        QueueExaminer examiner = (QueueExaminer) Golden.examiner(queues);
        examiner.pairWith(((RegionExaminer) Golden.examiner(region)).geometry());

        assertThat(examiner.report().problems())
                .extracting(Problem::kind, Problem::offset)
                .containsExactly(tuple(Problem.Kind.ELEMENT, 24L), tuple(Problem.Kind.ELEMENT, 36L));
    }

    @Test
    void queuesOfWhichOneCapacityIsDamagedAreStillShown() {
        queues.putInt(0, -1);

        QueuePairReport report = Golden.queues(queues);

        assertThat(report.queues()).extracting(QueueReport::capacity).containsExactly(64, 64);
        assertThat(report.problems()).extracting(Problem::kind).containsExactly(Problem.Kind.GEOMETRY);
    }

    @ParameterizedTest
    @ValueSource(strings = {Golden.REGION_TWO_STREAMS, Golden.QUEUE_TWO_STREAMS})
    void noTruncationDoesMoreThanBeRefusedOrReported(String name) {
        byte[] bytes = Golden.bytes(name);
        int step = Math.max(1, bytes.length / 500);
        for (int length = 1; length < bytes.length; length += step) {
            ByteBuffer part = direct(length);
            part.put(0, bytes, 0, length);
            examineAnything(part);
        }
    }

    @Test
    void noMutationDoesMoreThanBeRefusedOrReported() {
        Random random = new Random(20_260_401);
        int reported = 0;
        List<ByteBuffer> originals = List.of(smallRegion(), Golden.memory(Golden.QUEUE_TWO_STREAMS));
        List<ByteBuffer> copies =
                originals.stream().map(memory -> direct(memory.capacity())).toList();
        for (int i = 0; i < MUTATIONS; i++) {
            ByteBuffer original = originals.get(i % 2);
            ByteBuffer memory = copies.get(i % 2).put(0, original, 0, original.capacity());
            int changes = 1 + random.nextInt(8);
            for (int c = 0; c < changes; c++) {
                mutate(memory, random);
            }
            reported += examineAnything(memory) ? 1 : 0;
        }
        assertThat(reported).as("how many were still recognised").isGreaterThan(MUTATIONS / 4);
    }

    @Test
    void memoryOfNoiseIsRefused() {
        Random random = new Random(7);
        ByteBuffer noise = direct(4096);
        byte[] bytes = new byte[4096];
        random.nextBytes(bytes);
        noise.put(0, bytes);

        assertThatThrownBy(() -> Golden.examiner(noise)).isInstanceOf(UnrecognisedException.class);
    }

    private static void mutate(ByteBuffer memory, Random random) {
        int words = memory.capacity() / 4;
        int word = random.nextInt(4) == 0 ? random.nextInt(Math.min(words, 16)) : random.nextInt(words);
        int value = switch (random.nextInt(4)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextInt(memory.capacity());
            case 2 -> memory.getInt(word * 4) ^ 1 << random.nextInt(32);
            default -> random.nextInt(9) - 4;
        };
        memory.putInt(word * 4, value);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Returns a region of 32 KiB with free slices, one chain and slices in use. */
    private static ByteBuffer smallRegion() {
        ByteBuffer memory = direct(1 << 15);
        Region region =
                Region.format(memory, List.of(new SliceSize(60, 50), new SliceSize(252, 30), new SliceSize(1004, 20)));
        for (int bytes : new int[] {10, 200, 1000}) {
            Slice first = Objects.requireNonNull(region.allocate(bytes));
            Slice second = Objects.requireNonNull(region.allocate(bytes));
            first.extend(bytes);
            second.extend(bytes / 2);
            first.next(second);
            Region.handOver(first);
        }
        assertThat(Golden.region(memory).problems()).isEmpty();
        return memory;
    }

    /** Examines memory; returns whether it was recognised. Anything else that is thrown fails the test. */
    private static boolean examineAnything(ByteBuffer memory) {
        try {
            Examiner examiner = Golden.examiner(memory);
            examiner.sample(1);
            examiner.sample(2);
            String report = examiner instanceof RegionExaminer region
                    ? region.report().toString()
                    : ((QueueExaminer) examiner).report().toString();
            return !report.isEmpty();
        } catch (UnrecognisedException e) {
            return false;
        }
    }

    private static int slice(int index) {
        return FIRST + index * STRIDE;
    }

    private static int head() {
        return QueueLayout.ofThisMachine().head();
    }

    private static void assertProblems(RegionReport report, Problem.Kind... kinds) {
        assertThat(report.problems()).extracting(Problem::kind).containsExactlyInAnyOrder(kinds);
    }
}
