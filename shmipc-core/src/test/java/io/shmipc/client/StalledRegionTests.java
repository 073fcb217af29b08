package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.BackPressureException;
import io.shmipc.layout.Cells;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import io.shmipc.layout.SliceLayout;
import io.shmipc.session.Duo;
import io.shmipc.session.Payload;
import io.shmipc.session.ShmipcSession;
import io.shmipc.session.Variant;
import io.shmipc.shm.SharedRegion;
import io.shmipc.shm.Slice;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A region whose only list was cut by a process that died between the two steps of a recycle. */
@Timeout(60)
class StalledRegionTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MANY_SLICES = 100_000;
    private static final int LIST = RegionLayout.HEADER_BYTES;

    @Test
    void theSessionGetsAnotherRegionAndItsOpenStreamsGoOn() {
        try (Duo duo = Duo.of(Variant.USUAL).region(1 << 20, 4076).echo().open()) {
            ShmipcSession stalled = (ShmipcSession) duo.clientSession();
            var open = duo.stream();
            Payload.roundTrip(open, Payload.of(100, 1));
            cut(stalled.sharedRegion());
            await().atMost(PATIENCE).until(() -> {
                call(duo);
                return duo.clientSession() != stalled;
            });
            ShmipcSession renewed = (ShmipcSession) duo.clientSession();
            assertThat(renewed.sharedRegion()).isNotEqualTo(stalled.sharedRegion());
            Payload.roundTrip(open, Payload.of(100, 2));
            for (int i = 0; i < 2 * renewed.sharedRegion().region().totalSlices(); i++) {
                call(duo);
            }
            assertThat(renewed.metrics().stability().fallbackWriteCount()).isZero();
            open.close();
            await().atMost(PATIENCE).until(stalled::isClosed);
        }
    }

    private static void call(Duo duo) {
        try {
            duo.manager().execute(stream -> {
                Payload.roundTrip(stream, Payload.of(MANY_SLICES, 3));
                return null;
            });
        } catch (BackPressureException e) {
            assertThat(e).hasMessageContaining("ran out of shared memory");
        }
    }

    /** Makes a slice the tail that nothing leads to. */
    private static void cut(SharedRegion shared) {
        Slice lost = shared.region().allocate(1);
        ByteBuffer memory = shared.memory().bytes();
        Cells.storeRelease(memory, lost.headerOffset() + SliceLayout.FLAGS, 0);
        int place = lost.headerOffset() - LIST - FreeListLayout.HEADER_BYTES;
        Cells.storeRelease(memory, LIST + FreeListLayout.TAIL, place);
    }
}
