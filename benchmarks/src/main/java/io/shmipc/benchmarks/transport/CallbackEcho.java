package io.shmipc.benchmarks.transport;

import io.shmipc.BufferReader;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.util.concurrent.CountDownLatch;

/**
 * Answers every stream's messages in callbacks, on the thread that drains the queue.
 *
 * <p><b>Threads:</b> one session, hence one draining thread at a time.
 */
final class CallbackEcho implements Transport.Service {

    private final Listener listener;
    private final Job job;
    private final Gauge gauge;
    private final int piece;
    private final CountDownLatch served = new CountDownLatch(1);
    private int had;

    CallbackEcho(ListenerConfig config, Job job, Gauge gauge, int piece) {
        this.job = job;
        this.gauge = gauge;
        this.piece = piece;
        this.listener = new Listener(stream -> stream.setCallbacks(new Echo(stream)), config);
        listener.start();
    }

    @Override
    public void run() throws InterruptedException {
        served.await();
    }

    @Override
    public void close() {
        listener.close();
    }

    private void count() {
        had++;
        if (had == job.warmUp()) {
            gauge.begin();
        } else if (had == job.total()) {
            gauge.end();
            served.countDown();
        }
    }

    private final class Echo implements StreamCallbacks {

        private final ShmipcLink link;
        private long number;

        Echo(Stream stream) {
            this.link = new ShmipcLink(stream, job, piece);
        }

        @Override
        public void onData(BufferReader reader) {
            while (reader.length() >= job.bytes()) {
                link.receive(number);
                link.put(number++);
                link.flush();
                count();
            }
        }

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {
            link.close();
        }
    }
}
