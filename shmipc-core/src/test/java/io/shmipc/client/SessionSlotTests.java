package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.channel.EventLoop;
import io.shmipc.session.Duo;
import io.shmipc.session.ShmipcSession;
import io.shmipc.session.Variant;
import io.shmipc.shm.SharedRegion;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One place of a session manager, without the manager. */
@Timeout(60)
class SessionSlotTests {

    @Test
    void theEventLoopDoesNotWaitForARegionThatIsBeingMade() throws Exception {
        ScheduledExecutorService maintenance = Executors.newSingleThreadScheduledExecutor();
        EventLoop loop = EventLoop.acquire();
        try (Duo duo = Duo.of(Variant.USUAL).open()) {
            SessionManagerConfig config = duo.manager().config();
            RegionSource regions = new RegionSource(config.config());
            SessionSlot slot = slot(config, regions, maintenance);
            ShmipcSession session = slot.session();
            SharedRegion region = session.sharedRegion();
            CountDownLatch answered = new CountDownLatch(1);
            // Whoever makes a region holds this lock until its memory is there.
            synchronized (regions) {
                session.close();
                await().until(() -> session.closeFuture().toCompletableFuture().isDone());
                loop.execute(answered::countDown);
                assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
                await("the lost session's region is given back")
                        .until(() ->
                                !region.memory().retain() || region.memory().release());
            }
            await().until(() -> slot.session() != session);
            slot.close();
            regions.close();
        } finally {
            maintenance.shutdownNow();
            EventLoop.release();
        }
    }

    private static SessionSlot slot(
            SessionManagerConfig config, RegionSource regions, ScheduledExecutorService maintenance) {
        SessionConnector connector = new SessionConnector(config.address(), config.config(), regions);
        SessionSlot slot = new SessionSlot(config, connector, regions, maintenance, (lost, epoch) -> {}, stalled -> {});
        slot.open();
        return slot;
    }
}
