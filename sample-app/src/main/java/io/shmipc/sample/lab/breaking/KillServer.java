package io.shmipc.sample.lab.breaking;

import io.shmipc.sample.lab.process.ServerSupervisor;
import io.shmipc.sample.lab.traffic.Load;
import io.shmipc.sample.lab.traffic.Traffic;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The server dies without a word: calls fail at once and say why, and succeed again when it is back. */
@Component
@Profile("lab")
@Order(1)
final class KillServer implements Breakage {

    private static final int CALLERS = 4;
    private static final int PAUSE_MILLIS = 2;
    private static final int ENOUGH_CALLS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Half of the time after which a call gives up: what takes longer was not told that the server is gone. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(1);

    private final ServerSupervisor server;
    private final Traffic traffic;

    KillServer(ServerSupervisor server, Traffic traffic) {
        this.server = server;
        this.traffic = traffic;
    }

    @Override
    public String name() {
        return "kill-server";
    }

    @Override
    public void run(Report report) throws InterruptedException, TimeoutException {
        try (Load load = traffic.open(CALLERS, PAUSE_MILLIS)) {
            load.awaitAnswers(ENOUGH_CALLS, PATIENCE);
            long before = server.pid();
            long killedAt = report.elapsedMillis();
            server.kill();
            report.step("Process " + before + " is killed, as kill -9 does it, while " + CALLERS + " threads call it.");
            load.awaitFailure(PATIENCE);
            report.step("The first call fails: " + load.lastFailure());
            load.awaitAnswerOfOtherThan(before, PATIENCE);
            long downMillis = report.elapsedMillis() - killedAt;
            report.step("Process " + server.pid() + " answers. The clients connected to it by themselves.");
            load.awaitAnswers(ENOUGH_CALLS, PATIENCE);
            // The calls go on: what is judged is what is shown.
            Duration longest = load.longestCall();
            report.fact("Without a server", downMillis + " ms");
            report.fact("Calls that failed", load.failed());
            report.fact("Longest call", longest.toMillis() + " ms");
            report.fact("Calls answered", load.answered());
            load.requireNoCallLongerThan(LONGEST_CALL);
            report.verdict("No call hung: each was answered or failed within " + longest.toMillis() + " ms, and "
                    + downMillis + " ms after the kill they were answered again.");
        }
    }
}
