package io.shmipc.spring.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.PerformanceMetrics;
import io.shmipc.Session;
import io.shmipc.SessionMetrics;
import io.shmipc.ShareMemoryMetrics;
import io.shmipc.StabilityMetrics;
import io.shmipc.spring.Stubs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class SessionTotalsTests {

    private final SessionTotals totals = new SessionTotals();

    @Test
    void addsUpAllSessions() {
        totals.addAll(List.of(session(10, 1, new CompletableFuture<>()), session(32, 2, new CompletableFuture<>())));

        assertThat(totals.performance(PerformanceMetrics::outFlowBytes)).isEqualTo(42);
        assertThat(totals.stability(StabilityMetrics::activeStreamCount)).isEqualTo(3);
    }

    @Test
    void countsASessionOnceHoweverOftenItIsAdded() {
        Session session = session(10, 1, new CompletableFuture<>());

        totals.add(session);
        totals.add(session);

        assertThat(totals.performance(PerformanceMetrics::outFlowBytes)).isEqualTo(10);
    }

    @Test
    void keepsWhatAnEndedSessionCountedButNotWhatItHadOpen() {
        CompletableFuture<String> end = new CompletableFuture<>();
        totals.add(session(10, 1, end));

        end.complete("closed by the peer");

        assertThat(totals.performance(PerformanceMetrics::outFlowBytes)).isEqualTo(10);
        assertThat(totals.performance(PerformanceMetrics::sendQueueCount)).isZero();
        assertThat(totals.stability(StabilityMetrics::queueFullErrorCount)).isEqualTo(7);
        assertThat(totals.stability(StabilityMetrics::activeStreamCount)).isZero();
    }

    @Test
    void anEndedSessionThatIsStillListedIsNotCountedAgain() {
        Session ended = session(10, 1, CompletableFuture.completedFuture("closed by the peer"));

        totals.addAll(List.of(ended));
        totals.addAll(List.of(ended));

        assertThat(totals.performance(PerformanceMetrics::outFlowBytes)).isEqualTo(10);
    }

    private static Session session(long bytesSent, long streams, CompletableFuture<String> end) {
        SessionMetrics metrics = new SessionMetrics(
                new PerformanceMetrics(0, 0, bytesSent, 0, 5, 0),
                new StabilityMetrics(0, 0, 0, 0, 7, streams, 0, 0),
                new ShareMemoryMetrics(0, 0));
        return Stubs.of(Session.class, Map.of("metrics", () -> metrics, "closeFuture", () -> end));
    }
}
