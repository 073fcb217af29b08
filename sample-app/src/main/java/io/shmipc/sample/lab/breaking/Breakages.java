package io.shmipc.sample.lab.breaking;

import io.shmipc.sample.lab.OneAtATime;
import io.shmipc.sample.lab.breaking.Report.State;
import io.shmipc.sample.lab.breaking.Report.Status;
import io.shmipc.sample.lab.live.Feed;
import io.shmipc.spring.client.ImportShmipcClients;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Runs one breakage at a time in the background, and keeps the last report of each.
 *
 * <p><b>Threads:</b> any.
 */
@Configuration(proxyBeanMethods = false)
@Profile("lab")
@ImportShmipcClients(SlowCalls.class)
class Breakages {

    private static final Logger LOG = LoggerFactory.getLogger(Breakages.class);

    private final Map<String, Breakage> byName = new LinkedHashMap<>();
    private final Map<String, Status> reports = new ConcurrentHashMap<>();
    private final OneAtATime turns;
    private final Feed feed;

    Breakages(List<Breakage> breakages, OneAtATime turns, Feed feed) {
        breakages.forEach(breakage -> byName.put(breakage.name(), breakage));
        this.turns = turns;
        this.feed = feed;
    }

    /** Returns the names, in the order of the page. */
    Collection<String> names() {
        return byName.keySet();
    }

    /** Returns the last report of each that has been begun. */
    Collection<Status> reports() {
        return reports.values();
    }

    /**
     * Begins.
     *
     * @return the report as it begins, or null if there is no breakage of that name
     * @throws org.springframework.web.server.ResponseStatusException with 409 if something else runs
     */
    @Nullable
    Status start(String name) {
        Breakage breakage = byName.get(name);
        if (breakage == null) {
            return null;
        }
        turns.begin("the breakage " + name);
        Report report = new Report(name, this::publish);
        Thread thread = new Thread(() -> run(breakage, report), name);
        thread.setDaemon(true);
        thread.start();
        return report.status();
    }

    private void publish(Status status) {
        reports.put(status.name(), status);
        feed.publish("break", reports.values());
    }

    private void run(Breakage breakage, Report report) {
        State end = State.FAILED;
        try {
            breakage.run(report);
            end = State.DONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | RuntimeException e) {
            LOG.warn("{} did not end well", breakage.name(), e);
            report.verdict(String.valueOf(e.getMessage()));
        } finally {
            turns.end();
            report.end(end);
        }
    }
}
