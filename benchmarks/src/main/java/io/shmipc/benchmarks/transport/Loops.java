package io.shmipc.benchmarks.transport;

import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.job.Pattern;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The two sides of each pattern over a {@link Link}. */
final class Loops {

    /** Between warm-up and what is measured, for the server to take its readings. */
    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private Loops() {}

    /** Runs the client's side. */
    static void drive(Link link, Job job, Gauge gauge) throws Exception {
        switch (job.pattern()) {
            case TOUCH, FILL -> {
                ping(link, 0, job.warmUp(), gauge);
                pause();
                gauge.begin();
                ping(link, job.warmUp(), job.total(), gauge);
                gauge.end();
            }
            case PACED, RARE -> {
                ping(link, 0, job.warmUp(), gauge);
                pause();
                gauge.begin();
                pacedPing(link, job, gauge);
                gauge.end();
            }
            default -> send(link, job, gauge);
        }
    }

    /** Runs the server's side. */
    static void serve(Link link, Job job, Gauge gauge) throws Exception {
        if (job.pattern().isOneWay()) {
            receive(link, job, gauge);
        } else {
            pong(link, 0, job.warmUp());
            gauge.begin();
            pong(link, job.warmUp(), job.total());
            gauge.end();
        }
    }

    static void pause() {
        sleepUntil(System.nanoTime() + PAUSE_NANOS);
    }

    private static void sleepUntil(long dueNanos) {
        long left = dueNanos - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = dueNanos - System.nanoTime();
        }
    }

    /** A message's latency lasts until its answer was read and released, which is when the next one begins. */
    private static void ping(Link link, int from, int to, Gauge gauge) throws Exception {
        long begin = System.nanoTime();
        for (int n = from; n < to; n++) {
            link.put(n);
            link.flush();
            link.receive(n);
            long end = System.nanoTime();
            gauge.record(end - begin);
            begin = end;
        }
    }

    private static void pacedPing(Link link, Job job, Gauge gauge) throws Exception {
        long due = System.nanoTime();
        for (int n = job.warmUp(); n < job.total(); n++) {
            due += job.pattern().paceNanos();
            sleepUntil(due);
            long begin = System.nanoTime();
            link.put(n);
            link.flush();
            link.receive(n);
            gauge.record(System.nanoTime() - begin);
        }
    }

    private static void pong(Link link, int from, int to) throws Exception {
        for (int n = from; n < to; n++) {
            link.receive(n);
            link.put(n);
            link.flush();
        }
    }

    /**
     * The window is open beyond the warm-up, so that the measured part begins with an empty queue and a full window.
     */
    private static void send(Link link, Job job, Gauge gauge) throws Exception {
        send(link, job, 0, job.warmUp());
        pause();
        gauge.begin();
        send(link, job, job.warmUp(), job.total());
        gauge.end();
    }

    private static void send(Link link, Job job, int from, int to) throws Exception {
        int batch = job.pattern() == Pattern.BATCHED ? Job.BATCH : 1;
        long acknowledged = from;
        int sent = from;
        while (sent < to) {
            int next = Math.min(to, sent + batch);
            while (next - acknowledged > job.window()) {
                acknowledged = link.awaitAcknowledgement();
            }
            while (sent < next) {
                link.put(sent++);
            }
            link.flush();
        }
        while (acknowledged < to) {
            acknowledged = link.awaitAcknowledgement();
        }
    }

    private static void receive(Link link, Job job, Gauge gauge) throws Exception {
        receive(link, job, 0, job.warmUp());
        gauge.begin();
        receive(link, job, job.warmUp(), job.total());
        gauge.end();
    }

    private static void receive(Link link, Job job, int from, int to) throws Exception {
        int every = Math.max(1, job.window() / 2);
        for (int n = from; n < to; n++) {
            link.receive(n);
            if ((n + 1) % every == 0 || n + 1 == to) {
                link.acknowledge(n + 1);
            }
        }
    }
}
