package io.shmipc.sample.lab.measure;

import io.shmipc.ShmipcException;
import io.shmipc.client.SessionManager;
import io.shmipc.sample.greeting.Greetings;
import io.shmipc.sample.lab.measure.MeasureStatus.State;
import io.shmipc.sample.lab.process.ServerSupervisor;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The three lines on the console: where to look, what memory is shared, and what it is good for. */
@Component
@Profile("lab")
class FirstComparison {

    private static final Logger LOG = LoggerFactory.getLogger(FirstComparison.class);
    private static final Plan PLAN = new Plan(List.of(64), 1, 5, 60);
    private static final long PATIENCE_MILLIS = 30_000;
    private static final long PAUSE_MILLIS = 20;

    private final Measure measure;
    private final Greetings greetings;
    private final ServerSupervisor server;
    private final SessionManager sessions;
    private volatile int port;

    FirstComparison(Measure measure, Greetings greetings, ServerSupervisor server, SessionManager sessions) {
        this.measure = measure;
        this.greetings = greetings;
        this.server = server;
        this.sessions = sessions;
    }

    @EventListener
    void remember(WebServerInitializedEvent started) {
        // A separate management server says its port, too.
        if (started.getApplicationContext().getServerNamespace() == null) {
            port = started.getWebServer().getPort();
        }
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        Thread thread = new Thread(this::printAll, "first-comparison");
        thread.setDaemon(true);
        thread.start();
    }

    private void printAll() {
        LOG.info(
                "Open http://localhost:{} (web application: process {}, server: process {}; Ctrl-C ends both)",
                port,
                ProcessHandle.current().pid(),
                server.pid());
        try {
            if (!awaitServer()) {
                return;
            }
            printMemory();
            measure.start(PLAN);
            while (measure.status().state() == State.RUNNING) {
                Thread.sleep(PAUSE_MILLIS);
            }
            printComparison(measure.status());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitServer() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (true) {
            try {
                greetings.greet("newcomer");
                return true;
            } catch (ShmipcException e) {
                if (System.nanoTime() - end > 0) {
                    LOG.warn("The server does not answer: {}", e.getMessage());
                    return false;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private void printMemory() {
        sessions.sessions().stream().findFirst().ifPresent(session -> {
            var memory = session.metrics().shareMemory();
            LOG.info(
                    "Memory: both processes map a region of {} MiB and two queues of {} messages ({}); {} KiB of slices are in use",
                    sessions.config().config().regionBytes() >> 20,
                    sessions.config().config().queueCapacity(),
                    sessions.config().config().memoryType().name().toLowerCase(Locale.ROOT),
                    memory.allInUsedShareMemoryInBytes() >> 10);
        });
    }

    private static void printComparison(MeasureStatus status) {
        if (status.results().isEmpty()) {
            LOG.warn("The first comparison came to nothing: {}", status.problem());
            return;
        }
        LOG.info(
                "64 bytes to the server and back: {}",
                status.results().stream()
                                .map(result -> String.format(
                                        Locale.ROOT,
                                        "%s %.1f µs",
                                        result.transport().words(),
                                        result.p50Micros()))
                                .collect(Collectors.joining(" · "))
                        + " (median)");
    }
}
