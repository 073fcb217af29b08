package io.shmipc.sample.lab.measure;

import io.shmipc.ShmipcException;
import io.shmipc.sample.lab.OneAtATime;
import io.shmipc.sample.lab.live.Feed;
import io.shmipc.sample.lab.measure.MeasureStatus.Machine;
import io.shmipc.sample.lab.measure.MeasureStatus.State;
import io.shmipc.sample.lab.traffic.Traffic;
import io.shmipc.spring.client.ShmipcRemoteException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Runs one measurement at a time in the background, and keeps the last one's results.
 *
 * <p><b>Threads:</b> any.
 */
@Component
@Profile("lab")
class Measure implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Measure.class);

    private final PingPongs pingPongs;
    private final OneAtATime turns;
    private final Traffic traffic;
    private final Feed feed;
    private volatile @Nullable Measurement current;
    private volatile MeasureStatus status = new MeasureStatus(State.NONE, 0, null, Machine.current(), List.of(), null);

    Measure(PingPongs pingPongs, OneAtATime turns, Traffic traffic, Feed feed) {
        this.pingPongs = pingPongs;
        this.turns = turns;
        this.traffic = traffic;
        this.feed = feed;
    }

    /**
     * Begins.
     *
     * @throws org.springframework.web.server.ResponseStatusException with 409 if something else runs
     */
    MeasureStatus start(Plan plan) {
        turns.begin("a measurement");
        Measurement measurement = new Measurement(plan, pingPongs);
        current = measurement;
        report(measurement, State.RUNNING, 0, null);
        Thread thread = new Thread(() -> run(measurement), "measure");
        thread.setDaemon(true);
        thread.start();
        return status;
    }

    private void run(Measurement measurement) {
        Outcome outcome = new Outcome(State.FAILED, "It ended unexpectedly: the log says why.");
        try {
            outcome = measured(measurement);
        } finally {
            turns.end();
            report(measurement, outcome.state, outcome.state == State.DONE ? 1 : status.progress(), outcome.problem);
        }
    }

    /** Measures while nobody else calls. */
    private Outcome measured(Measurement measurement) {
        traffic.silence();
        try {
            measurement.run(share -> report(measurement, State.RUNNING, share, null));
            return new Outcome(measurement.isCancelled() ? State.CANCELLED : State.DONE, null);
        } catch (IOException | ShmipcException | ShmipcRemoteException e) {
            LOG.debug("a measurement failed", e);
            return new Outcome(State.FAILED, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(State.CANCELLED, null);
        } finally {
            traffic.resume();
        }
    }

    private void report(Measurement measurement, State state, double progress, @Nullable String problem) {
        status = new MeasureStatus(
                state, progress, measurement.plan(), Machine.current(), measurement.results(), problem);
        feed.publish("measure", status);
    }

    /** Ends the measurement that is under way, if any, after the message that is under way. */
    MeasureStatus cancel() {
        Measurement measurement = current;
        if (measurement != null) {
            measurement.cancel();
        }
        return status;
    }

    MeasureStatus status() {
        return status;
    }

    @Override
    public void destroy() {
        cancel();
    }

    private record Outcome(State state, @Nullable String problem) {}
}
