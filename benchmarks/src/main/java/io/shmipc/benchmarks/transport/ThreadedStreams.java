package io.shmipc.benchmarks.transport;

import io.shmipc.Stream;
import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.client.SessionManager;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Ping-pong on many streams at once, with a blocking thread for each on either side. */
final class ThreadedStreams {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private ThreadedStreams() {}

    static void drive(SessionManager sessions, Job job, Gauge gauge) throws Exception {
        List<ShmipcLink> links = new ArrayList<>();
        for (int i = 0; i < Job.STREAMS; i++) {
            links.add(new ShmipcLink(sessions.getStream(), job, job.bytes()));
        }
        inThreads(links, link -> ping(link, 0, job.warmUp() / Job.STREAMS));
        Loops.pause();
        gauge.begin();
        int from = job.warmUp() / Job.STREAMS;
        List<Histogram> latencies = inThreads(links, link -> ping(link, from, from + job.count() / Job.STREAMS));
        gauge.end();
        latencies.forEach(gauge::add);
        links.forEach(ShmipcLink::close);
    }

    private interface Work {
        Histogram with(ShmipcLink link) throws Exception;
    }

    private static List<Histogram> inThreads(List<ShmipcLink> links, Work work)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(links.size());
        try {
            List<Callable<Histogram>> tasks = new ArrayList<>();
            for (ShmipcLink link : links) {
                tasks.add(() -> work.with(link));
            }
            List<Histogram> results = new ArrayList<>();
            for (Future<Histogram> result : threads.invokeAll(tasks)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Histogram ping(ShmipcLink link, int from, int to) {
        Histogram latencies = new Histogram(LONGEST_NANOS, 3);
        long begin = System.nanoTime();
        for (int n = from; n < to; n++) {
            link.put(n);
            link.flush();
            link.receive(n);
            long end = System.nanoTime();
            latencies.recordValue(Math.min(LONGEST_NANOS, end - begin));
            begin = end;
        }
        return latencies;
    }

    private static Histogram pong(ShmipcLink link, int from, int to) {
        for (int n = from; n < to; n++) {
            link.receive(n);
            link.put(n);
            link.flush();
        }
        return new Histogram(1);
    }

    /** The server's side. */
    static final class Echo implements Transport.Service {

        private final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();
        private final Listener listener;
        private final Job job;
        private final Gauge gauge;

        Echo(ListenerConfig config, Job job, Gauge gauge) {
            this.listener = new Listener(streams::add, config);
            this.job = job;
            this.gauge = gauge;
            listener.start();
        }

        @Override
        public void run() throws Exception {
            List<ShmipcLink> links = new ArrayList<>();
            for (int i = 0; i < Job.STREAMS; i++) {
                links.add(new ShmipcLink(ShmipcTransport.next(streams), job, job.bytes()));
            }
            int warm = job.warmUp() / Job.STREAMS;
            inThreads(links, link -> pong(link, 0, warm));
            gauge.begin();
            inThreads(links, link -> pong(link, warm, warm + job.count() / Job.STREAMS));
            gauge.end();
        }

        @Override
        public void close() {
            listener.close();
        }
    }
}
