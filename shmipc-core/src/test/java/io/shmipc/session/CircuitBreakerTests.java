package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a session that ran out of shared memory opens streams again. */
@Timeout(60)
class CircuitBreakerTests {

    private static final long INTERVAL = Duration.ofSeconds(30).toNanos();

    private final AtomicLong now = new AtomicLong(17);
    private final CircuitBreaker breaker = new CircuitBreaker(Duration.ofNanos(INTERVAL), now::get);

    private void pass(long nanos) {
        now.addAndGet(nanos);
    }

    private void assertOpen() {
        assertThat(breaker.isPassable()).isFalse();
        assertThat(breaker.tryPass()).isFalse();
    }

    private void assertClosed() {
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.isPassable()).isTrue();
            assertThat(breaker.tryPass()).isTrue();
        }
    }

    private void startProbe() {
        breaker.trip();
        pass(INTERVAL);
        assertThat(breaker.tryPass()).isTrue();
    }

    @Test
    void itIsClosedAtFirst() {
        assertClosed();
        breaker.succeeded();
        assertClosed();
    }

    /** The moment that also stands for "closed", and the one at which the clock runs over. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 5})
    void itStaysOpenForItsIntervalWhateverTheClockShows(long begin) {
        now.set(begin);
        breaker.trip();
        assertOpen();
        pass(INTERVAL - 1);
        assertOpen();
        pass(2);
        assertThat(breaker.isPassable()).isTrue();
        assertThat(breaker.tryPass()).isTrue();
    }

    @Test
    void onlyOneProbePasses() {
        breaker.trip();
        pass(INTERVAL);
        assertThat(breaker.isPassable()).isTrue();
        assertThat(breaker.tryPass()).isTrue();
        assertOpen();
        pass(INTERVAL - 1);
        assertOpen();
    }

    @Test
    void onlyOneOfManyThreadsIsTheProbe() throws Exception {
        int threads = 4;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        CyclicBarrier barrier = new CyclicBarrier(threads);
        try {
            for (int round = 0; round < 500; round++) {
                breaker.trip();
                pass(INTERVAL);
                List<Future<Boolean>> asked = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    asked.add(executor.submit(() -> {
                        barrier.await(20, TimeUnit.SECONDS);
                        return breaker.tryPass();
                    }));
                }
                int passed = 0;
                for (Future<Boolean> answer : asked) {
                    passed += answer.get(20, TimeUnit.SECONDS) ? 1 : 0;
                }
                assertThat(passed).isEqualTo(1);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aProbeThatSucceedsClosesIt() {
        startProbe();
        breaker.succeeded();
        assertClosed();
    }

    @Test
    void whatSucceedsBeforeTheProbeSaysNothing() {
        breaker.trip();
        breaker.succeeded();
        assertOpen();
        pass(INTERVAL);
        breaker.succeeded();
        assertThat(breaker.tryPass()).isTrue();
        assertOpen();
    }

    @Test
    void aProbeThatFailsOpensItForAnotherInterval() {
        startProbe();
        pass(INTERVAL / 2);
        breaker.trip();
        breaker.succeeded();
        pass(INTERVAL - 1);
        assertOpen();
        pass(1);
        assertThat(breaker.tryPass()).isTrue();
        breaker.succeeded();
        assertClosed();
    }

    @Test
    void aProbeOfWhichNothingIsHeardIsFollowedByAnother() {
        startProbe();
        pass(INTERVAL - 1);
        assertOpen();
        pass(1);
        assertThat(breaker.tryPass()).isTrue();
        assertOpen();
        breaker.succeeded();
        assertClosed();
    }

    @Test
    void aSessionWhoseProbeWentThroughSharedMemoryOpensStreamsFreely() {
        Duration interval = Duration.ofSeconds(2);
        try (Duo duo = Duo.of(Variant.USUAL)
                .region(1 << 20, 4076)
                .client(config -> config.circuitBreakerInterval(interval))
                .open()) {
            Duo.Link link = duo.link();
            Stream greedy = duo.stream();
            FallbackTests.exhaust(greedy);
            Payload.send(link.client(), new byte[100]);
            greedy.close();
            Session session = duo.clientSession();
            assertThat(session.isHealthy()).isFalse();
            assertThatThrownBy(session::openStream).hasFieldOrPropertyWithValue("reason", Reason.SESSION_UNHEALTHY);

            await().until(session::isHealthy);
            try (Stream probe = session.openStream()) {
                Payload.send(probe, new byte[1]);
                for (int i = 0; i < 3; i++) {
                    session.openStream().close();
                }
            }
            assertThat(session.isHealthy()).isTrue();
        }
    }
}
