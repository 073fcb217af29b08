package io.shmipc.sample.lab.breaking;

import io.shmipc.sample.lab.process.ServerSupervisor;
import io.shmipc.sample.lab.traffic.Load;
import io.shmipc.sample.lab.traffic.Traffic;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The server is replaced while it is called without a pause: no call may be lost. */
@Component
@Profile("lab")
@Order(2)
final class HotRestart implements Breakage {

    private static final int CALLERS = 4;
    private static final int ENOUGH_CALLS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ServerSupervisor server;
    private final Traffic traffic;

    HotRestart(ServerSupervisor server, Traffic traffic) {
        this.server = server;
        this.traffic = traffic;
    }

    @Override
    public String name() {
        return "hot-restart";
    }

    @Override
    public void run(Report report) throws InterruptedException, TimeoutException {
        try (Load load = traffic.open(CALLERS, 0)) {
            load.awaitAnswers(ENOUGH_CALLS, PATIENCE);
            long before = server.pid();
            report.fact("Lost calls", load.failed());
            report.step("Process " + before + " is called by " + CALLERS + " threads without a pause."
                    + " Its successor starts beside it.");
            server.replace();
            report.step("Process " + before + " sent its clients to process " + server.pid() + " and ended.");
            load.awaitAnswerOfOtherThan(before, PATIENCE);
            load.awaitAnswers(ENOUGH_CALLS, PATIENCE);
            report.fact("Lost calls", load.failed());
            long answered = load.answered();
            report.fact("Calls answered", answered);
            report.fact("Longest call", load.longestCall().toMillis() + " ms");
            load.requireNoFailure();
            report.verdict("Process " + server.pid() + " took over and none of " + answered + " calls was lost.");
        }
    }
}
