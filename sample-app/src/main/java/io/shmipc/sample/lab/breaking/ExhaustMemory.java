package io.shmipc.sample.lab.breaking;

import io.shmipc.Session;
import io.shmipc.ShmipcException;
import io.shmipc.SliceSize;
import io.shmipc.StabilityMetrics;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.sample.greeting.Greetings;
import io.shmipc.sample.lab.traffic.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Somebody holds all slices: messages go through the socket, the breaker opens, and closes when there is memory again.
 */
@Component
@Profile("lab")
@Order(3)
final class ExhaustMemory implements Breakage {

    private static final int CALLS_AT_ONCE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long TIME_TO_LOOK_MILLIS = 1_500;
    private static final long PAUSE_MILLIS = 20;

    private final SessionManager sessions;
    private final Greetings greetings;
    private final Traffic traffic;

    ExhaustMemory(SessionManager sessions, Greetings greetings, Traffic traffic) {
        this.sessions = sessions;
        this.greetings = greetings;
        this.traffic = traffic;
    }

    @Override
    public String name() {
        return "exhaust-memory";
    }

    @Override
    public void run(Report report) throws InterruptedException, TimeoutException {
        traffic.silence();
        try {
            // Fills the pool, so that a stream is there when the breaker gives out none.
            greetings.greet("before");
            Session session = healthySession();
            long fallbacksBefore = fallbacks(session);
            Stream hoarder = sessions.getStream();
            try {
                hoard(hoarder, session);
                report.step("One stream has reserved every slice of the region and sends nothing.");
                callWithoutMemory(report, session, fallbacksBefore);
                Thread.sleep(TIME_TO_LOOK_MILLIS);
            } finally {
                hoarder.close();
            }
            report.step("The stream is closed, and its slices are free again. The breaker stays open for "
                    + sessions.config().config().circuitBreakerInterval().toSeconds() + " s.");
            long waited = awaitAnswer(report);
            report.fact("Breaker closed after", waited + " ms");
            report.fact("Through the socket", fallbacks(session) - fallbacksBefore + " messages");
            report.verdict("Without memory a message takes the socket, then the breaker refuses new calls with a clear"
                    + " error instead of piling them up. With memory back, calls are answered again.");
        } finally {
            traffic.resume();
        }
    }

    private Session healthySession() throws TimeoutException {
        return sessions.sessions().stream()
                .filter(Session::isHealthy)
                .findFirst()
                .orElseThrow(() -> new TimeoutException("No session is healthy: wait until one is."));
    }

    private static long fallbacks(Session session) {
        StabilityMetrics stability = session.metrics().stability();
        return stability.fallbackWriteCount() + stability.fallbackReadCount();
    }

    /** Reserves slices, the largest first, until none of any size is left. */
    private void hoard(Stream stream, Session session) {
        List<SliceSize> sizes = new ArrayList<>(sessions.config().config().sliceSizes());
        sizes.sort(Comparator.comparingInt(SliceSize::bytes).reversed());
        for (SliceSize size : sizes) {
            long failures = allocationFailures(session);
            while (allocationFailures(session) == failures) {
                stream.bufferWriter().reserve(size.bytes());
            }
        }
    }

    private static long allocationFailures(Session session) {
        return session.metrics().stability().allocShmErrorCount();
    }

    private void callWithoutMemory(Report report, Session session, long fallbacksBefore) {
        long answered = callAtOnce();
        report.fact("Through the socket", fallbacks(session) - fallbacksBefore + " messages");
        report.step(answered + " of " + CALLS_AT_ONCE
                + " calls were answered all the same: without a slice, messages go through the socket.");
        if (fallbacks(session) == fallbacksBefore) {
            throw new IllegalStateException("No message went through the socket: some memory was left.");
        }
        if (session.isHealthy()) {
            throw new IllegalStateException("The breaker did not open: some memory was left.");
        }
        String refusal = call();
        report.step(
                refusal == null ? "The breaker is open." : "The breaker is open; the next call is refused: " + refusal);
    }

    /** Calls from several threads, so that some need a new stream; returns how many were answered. */
    private long callAtOnce() {
        List<CompletableFuture<@Nullable String>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS_AT_ONCE; i++) {
            calls.add(CompletableFuture.supplyAsync(this::call));
        }
        return calls.stream().filter(call -> call.join() == null).count();
    }

    /** Calls once; returns why it failed, or null. */
    private @Nullable String call() {
        try {
            greetings.greet("without memory");
            return null;
        } catch (ShmipcException e) {
            return e.getMessage();
        }
    }

    private long awaitAnswer(Report report) throws InterruptedException, TimeoutException {
        long begin = report.elapsedMillis();
        while (call() != null || !isHealthy()) {
            if (report.elapsedMillis() - begin > PATIENCE.toMillis()) {
                throw new TimeoutException("The breaker did not close within " + PATIENCE.toSeconds() + " s.");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        report.step("The breaker let one call pass to try, it succeeded, and the breaker closed.");
        return report.elapsedMillis() - begin;
    }

    private boolean isHealthy() {
        return sessions.sessions().stream().anyMatch(Session::isHealthy);
    }
}
