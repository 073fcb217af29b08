package io.shmipc.shm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several threads of two processes, which here are two views of the same memory, on one list. */
@Timeout(60)
class FreeListConcurrencyTests {

    private static final int SLICE_BYTES = 12;
    private static final int THREADS_PER_VIEW = 2;
    private static final int ROUNDS = 30_000;

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 16})
    void noSliceHasTwoOwnersAndNoneIsLost(int slices) throws Exception {
        Views views = new Views(slices);
        views.inEveryThread(region -> views.allocateAndRecycle(region));
        assertThat(views.allocations).hasPositiveValue();
        assertThat(views.one.freeSlices()).isEqualTo(slices);
        views.assertWhole();
    }

    @Test
    void slicesThatChangeHandsHaveOneOwnerAtATime() throws Exception {
        Views views = new Views(8);
        views.inEveryThread(region -> views.sendToTheOtherView(region));
        views.receiveWhatIsLeft();
        assertThat(views.allocations).hasPositiveValue();
        assertThat(views.one.freeSlices()).isEqualTo(8);
        views.assertWhole();
    }

    private interface Round {
        void run(Region region);
    }

    private static final class Views {
        final int slices;
        final RawList raw;
        final Region one;
        final Region two;
        final AtomicIntegerArray owners;
        final AtomicLong allocations = new AtomicLong();
        final Queue<Integer> toOne = new ConcurrentLinkedQueue<>();
        final Queue<Integer> toTwo = new ConcurrentLinkedQueue<>();

        Views(int slices) {
            ByteBuffer memory = Regions.memoryFor(slices, SLICE_BYTES);
            this.slices = slices;
            this.raw = new RawList(memory, SLICE_BYTES);
            this.one = Regions.format(memory, SLICE_BYTES);
            this.two = Region.read(memory);
            this.owners = new AtomicIntegerArray(slices);
        }

        void inEveryThread(Round round) throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(2 * THREADS_PER_VIEW);
            try {
                List<Callable<Void>> work = new ArrayList<>();
                for (int i = 0; i < THREADS_PER_VIEW; i++) {
                    work.add(() -> repeat(round, one));
                    work.add(() -> repeat(round, two));
                }
                for (Future<Void> done : threads.invokeAll(work)) {
                    done.get();
                }
            } finally {
                threads.shutdownNow();
            }
        }

        private static Void repeat(Round round, Region region) {
            for (int i = 0; i < ROUNDS; i++) {
                round.run(region);
            }
            return null;
        }

        void allocateAndRecycle(Region region) {
            Slice slice = region.allocate(1);
            if (slice == null) {
                Thread.onSpinWait();
                return;
            }
            own(slice);
            Slice second = region.allocate(1);
            if (second != null) {
                own(second);
                disown(second);
                region.recycle(second);
            }
            disown(slice);
            region.recycle(slice);
        }

        void sendToTheOtherView(Region region) {
            Slice slice = region.allocate(1);
            if (slice != null) {
                own(slice);
                slice.memory().putInt(slice.writePosition(), raw.index(slice));
                slice.extend(Integer.BYTES);
                disown(slice);
                Region.handOver(slice);
                (region == one ? toTwo : toOne).add(slice.headerOffset());
            }
            receiveOne(region);
        }

        private boolean receiveOne(Region region) {
            Integer offset = (region == one ? toOne : toTwo).poll();
            if (offset == null) {
                return false;
            }
            Slice slice = region.receive(offset);
            own(slice);
            assertThat(slice.unread()).isEqualTo(Integer.BYTES);
            assertThat(slice.memory().getInt(slice.readPosition())).isEqualTo(raw.index(slice));
            disown(slice);
            region.recycle(slice);
            return true;
        }

        void receiveWhatIsLeft() {
            while (receiveOne(one) || receiveOne(two)) {
                Thread.onSpinWait();
            }
        }

        private void own(Slice slice) {
            allocations.incrementAndGet();
            assertThat(owners.getAndIncrement(raw.index(slice)))
                    .as("owners of slice %d", raw.index(slice))
                    .isZero();
        }

        private void disown(Slice slice) {
            owners.decrementAndGet(raw.index(slice));
        }

        /** Makes sure that every slice but the last is still reachable from the head. */
        void assertWhole() {
            List<Slice> all = new ArrayList<>();
            for (Slice slice = one.allocate(1); slice != null; slice = one.allocate(1)) {
                all.add(slice);
            }
            assertThat(all).doesNotHaveDuplicates().hasSize(slices - 1);
        }
    }
}
