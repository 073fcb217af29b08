package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.Monitor;
import io.shmipc.PerformanceMetrics;
import io.shmipc.Session;
import io.shmipc.SessionMetrics;
import io.shmipc.ShareMemoryMetrics;
import io.shmipc.StabilityMetrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a monitor is told, and what the numbers mean. */
@Timeout(20)
class MonitorTests {

    private static final Duration NEVER = Duration.ofHours(1);

    private static class Recorder implements Monitor {
        final List<String> calls = new CopyOnWriteArrayList<>();
        final List<SessionMetrics> metrics = new CopyOnWriteArrayList<>();

        @Override
        public void onEmitSessionMetrics(
                PerformanceMetrics performance,
                StabilityMetrics stability,
                ShareMemoryMetrics shareMemory,
                Session session) {
            metrics.add(new SessionMetrics(performance, stability, shareMemory));
            calls.add("metrics of " + session.id());
        }

        @Override
        public void flush() {
            calls.add("flush");
        }
    }

    private static Duo duo(Monitor monitor, Duration interval) {
        return Duo.of(Variant.USUAL)
                .client(config -> config.monitor(monitor).monitorInterval(interval))
                .open();
    }

    @Test
    void itIsCalledAtItsInterval() {
        Recorder recorder = new Recorder();
        try (Duo duo = duo(recorder, Duration.ofMillis(10))) {
            await().until(() -> recorder.calls.size() >= 3);
            assertThat(recorder.calls)
                    .containsOnly("metrics of " + duo.clientSession().id());
        }
    }

    @Test
    void itIsCalledOnceMoreAtTheEndAndThenFlushed() {
        Recorder recorder = new Recorder();
        String id;
        try (Duo duo = duo(recorder, NEVER)) {
            id = duo.clientSession().id();
            Payload.send(duo.link().client(), new byte[99]);
        }
        await().untilAsserted(() -> assertThat(recorder.calls).containsExactly("metrics of " + id, "flush"));
        assertThat(recorder.metrics.get(0).performance().outFlowBytes()).isEqualTo(100);
    }

    @Test
    void oneThatFailsIsCalledAgain() {
        Recorder recorder = new Recorder() {
            @Override
            public void onEmitSessionMetrics(
                    PerformanceMetrics performance, StabilityMetrics stability, ShareMemoryMetrics memory, Session of) {
                super.onEmitSessionMetrics(performance, stability, memory, of);
                throw new IllegalStateException("on purpose");
            }
        };
        Duo duo = duo(recorder, Duration.ofMillis(5));
        await().until(() -> recorder.calls.size() >= 2);
        duo.close();
        await().until(() -> recorder.calls.contains("flush"));
    }

    @Test
    void theNumbersMeanWhatTheySay() {
        try (Duo duo = Duo.of(Variant.USUAL).region(1 << 20, 4076).open()) {
            Duo.Link link = duo.link();
            Session server = link.server().session();
            long slices = (1 << 20) / 4096 - 1;
            assertThat(duo.clientSession().metrics().shareMemory()).isEqualTo(new ShareMemoryMetrics(slices * 4076, 0));
            for (int i = 0; i < 10; i++) {
                Payload.send(link.client(), new byte[500]);
            }
            await().until(() -> server.metrics().performance().inFlowBytes() == 5001);
            PerformanceMetrics client = duo.clientSession().metrics().performance();
            assertThat(client.outFlowBytes()).isEqualTo(5001);
            assertThat(client.sendQueueCount()).isZero();
            assertThat(client.inFlowBytes()).isZero();
            assertThat(client.sendSyncEventCount()).isPositive();
            await().until(() -> server.metrics().performance().receiveSyncEventCount() == client.sendSyncEventCount());
            assertThat(server.metrics().shareMemory().allInUsedShareMemoryInBytes())
                    .isEqualTo(10 * 4076);
            assertThat(server.metrics().stability().activeStreamCount()).isEqualTo(1);
            assertThat(duo.clientSession().metrics().stability())
                    .isEqualTo(new StabilityMetrics(0, 0, 0, 0, 0, 1, 0, 0));
        }
    }

    @Test
    void aPeerThatLeavesStreamsOpenCountsAsAnErrorOfTheConnection() {
        try (Duo duo = Duo.of(Variant.USUAL).open()) {
            Session server = duo.link().server().session();
            duo.manager().close();
            await().until(server::isClosed);
            assertThat(server.metrics().stability().eventConnErrorCount()).isEqualTo(1);
            assertThat(duo.clientSession().metrics().stability().eventConnErrorCount())
                    .as("the client itself ended the session")
                    .isZero();
        }
    }

    @Test
    void aPeerThatClosesInOrderIsNoErrorOfTheConnection() {
        try (Duo duo = Duo.of(Variant.USUAL).open()) {
            Duo.Link link = duo.link();
            Session server = link.server().session();
            duo.manager().putBack(duo.link().client());
            link.client().close();
            duo.manager().close();
            await().until(server::isClosed);
            assertThat(server.metrics().stability().eventConnErrorCount()).isZero();
        }
    }
}
