package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ShmipcException;
import io.shmipc.SliceSize;
import io.shmipc.shm.ChainReader;
import io.shmipc.shm.Region;
import io.shmipc.shm.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits for a stream's reader can be counted by anybody. */
@Timeout(60)
class InboxTests {

    private static final int CHAINS = 5;

    private final Inbox inbox = new Inbox();
    private final Region region = Region.format(
            ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.nativeOrder()), List.of(new SliceSize(64, 100)));

    private ChainReader reader() {
        return new ChainReader(region, new ChainReader.Source() {
            @Override
            public void awaitLength(int bytes) {
                throw new AssertionError("everything is there");
            }

            @Override
            public ShmipcException closedException() {
                throw new AssertionError("nobody closes it");
            }

            @Override
            public void collect() {}
        });
    }

    @Test
    void whatWasPutCountsUntilItIsTaken() {
        assertThat(inbox.bytes()).isZero();
        inbox.put(Slice.onHeap(new byte[3]));
        Slice chain = Slice.onHeap(new byte[10]);
        chain.next(Slice.onHeap(new byte[20]));
        inbox.put(chain);
        assertThat(inbox.bytes()).isEqualTo(33);

        ChainReader reader = reader();
        inbox.moveTo(reader);
        assertThat(inbox.bytes()).isZero();
        assertThat(reader.held()).isEqualTo(33);
    }

    @Test
    void whatIsTakenWhileItIsCountedNeverMakesTheCountHigherThanItEverWas() throws Exception {
        CompletableFuture<Void> traffic = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 100_000; i++) {
                for (int put = 0; put < CHAINS; put++) {
                    inbox.put(Slice.onHeap(new byte[1]));
                }
                inbox.moveTo(reader());
            }
        });
        long highest = Long.MIN_VALUE;
        long lowest = Long.MAX_VALUE;
        while (!traffic.isDone()) {
            long bytes = inbox.bytes();
            highest = Math.max(highest, bytes);
            lowest = Math.min(lowest, bytes);
        }
        traffic.get();
        assertThat(lowest).isNotNegative();
        assertThat(highest).isBetween(1L, (long) CHAINS);
        assertThat(inbox.bytes()).isZero();
    }
}
