package io.shmipc.session;

import io.shmipc.Monitor;
import io.shmipc.SessionMetrics;
import io.shmipc.ShmipcConfig;
import io.shmipc.channel.DaemonThread;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls monitors: at their interval, and a last time when a session has ended. */
final class MonitorSchedule {

    private static final Logger LOG = LoggerFactory.getLogger(MonitorSchedule.class);

    private MonitorSchedule() {}

    static void begin(ShmipcSession session, ShmipcConfig config) {
        Monitor monitor = config.monitor();
        if (monitor == null) {
            return;
        }
        long interval = config.monitorInterval().toNanos();
        Future<?> ticks = Holder.THREAD.scheduleWithFixedDelay(
                () -> guarded(() -> emit(monitor, session, session.metrics())),
                interval,
                interval,
                TimeUnit.NANOSECONDS);
        session.closeFuture().thenRun(() -> ticks.cancel(false));
    }

    static void end(ShmipcSession session, ShmipcConfig config, SessionMetrics last) {
        Monitor monitor = config.monitor();
        if (monitor != null) {
            Holder.THREAD.execute(() -> {
                guarded(() -> emit(monitor, session, last));
                guarded(monitor::flush);
            });
        }
    }

    private static void emit(Monitor monitor, ShmipcSession session, SessionMetrics metrics) {
        monitor.onEmitSessionMetrics(metrics.performance(), metrics.stability(), metrics.shareMemory(), session);
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a monitor failed; it will be called again", e);
        }
    }

    private static final class Holder {
        private static final ScheduledExecutorService THREAD =
                Executors.newSingleThreadScheduledExecutor(task -> new DaemonThread(task, "shmipc-monitor"));
    }
}
