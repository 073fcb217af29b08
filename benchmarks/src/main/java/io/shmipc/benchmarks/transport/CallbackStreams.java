package io.shmipc.benchmarks.transport;

import io.shmipc.BufferReader;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.client.SessionManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The client's side of ping-pong on many streams at once, in callbacks.
 *
 * <p><b>Threads:</b> one session, hence one draining thread at a time; the first message of each stream is sent by the
 * thread that drives.
 */
final class CallbackStreams {

    private final Job job;
    private final List<Ping> pings = new ArrayList<>();
    private CountDownLatch running = new CountDownLatch(0);

    CallbackStreams(SessionManager sessions, Job job) {
        this.job = job;
        for (int i = 0; i < Job.STREAMS; i++) {
            Stream stream = sessions.getStream();
            Ping ping = new Ping(stream);
            pings.add(ping);
            stream.setCallbacks(ping);
        }
    }

    void drive(Gauge gauge) throws InterruptedException {
        run(job.warmUp(), gauge);
        Loops.pause();
        gauge.begin();
        run(job.count(), gauge);
        gauge.end();
        pings.forEach(ping -> ping.link.close());
    }

    private void run(int messages, Gauge gauge) throws InterruptedException {
        running = new CountDownLatch(pings.size());
        for (Ping ping : pings) {
            ping.begin(messages / pings.size(), gauge);
        }
        running.await();
    }

    private final class Ping implements StreamCallbacks {

        private final ShmipcLink link;
        private volatile Gauge gauge = new Gauge();
        private long number;
        private int left;
        private long begin;

        Ping(Stream stream) {
            this.link = new ShmipcLink(stream, job, job.bytes());
        }

        void begin(int messages, Gauge recording) {
            gauge = recording;
            left = messages;
            begin = System.nanoTime();
            link.put(number);
            link.flush();
        }

        @Override
        public void onData(BufferReader reader) {
            while (left > 0 && reader.length() >= job.bytes()) {
                link.receive(number++);
                long end = System.nanoTime();
                gauge.record(end - begin);
                begin = end;
                if (--left == 0) {
                    running.countDown();
                } else {
                    link.put(number);
                    link.flush();
                }
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
