package io.shmipc.benchmarks.transport;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import java.nio.file.Path;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/**
 * Aeron over its inter-process channel, busy-spinning at both ends.
 *
 * <p>The media driver lives in the server's process; no message passes through it, so it sleeps a millisecond at a time
 * and leaves the processors to the two that talk.
 */
final class AeronTransport implements Transport {

    static final int REQUESTS = 1;
    static final int ANSWERS = 2;

    /** The largest that Aeron takes, so that as many messages as possible are claimed in place. */
    private static final int MTU_BYTES = 65_504;

    private static final int SMALLEST_TERM_BYTES = 16 << 20;

    /** Aeron takes messages of an eighth of a term, and of 16 MiB. */
    private static final int MESSAGES_PER_TERM = 16;

    @Override
    public boolean supports(Job job) {
        return job.pattern().isPingPong() || job.pattern().isOneWay();
    }

    static String channel(Job job) {
        int term = Math.max(SMALLEST_TERM_BYTES, Integer.highestOneBit(job.bytes()) * MESSAGES_PER_TERM);
        return CommonContext.IPC_CHANNEL + "?term-length=" + term + "|mtu=" + MTU_BYTES;
    }

    private static String directory(Path place) {
        return SharedNames.of(place).toString();
    }

    private static Aeron connect(Path place) {
        return Aeron.connect(new Aeron.Context().aeronDirectoryName(directory(place)));
    }

    @Override
    public Service listen(Job job, Path place, Gauge gauge) {
        MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .aeronDirectoryName(directory(place))
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
                .ipcMtuLength(MTU_BYTES)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
        Aeron aeron = connect(place);
        AeronLink link = new AeronLink(aeron, job, ANSWERS, REQUESTS);
        return new Service() {
            @Override
            public void run() throws Exception {
                link.awaitConnection();
                Loops.serve(link, job, gauge);
            }

            @Override
            public void close() {
                link.close();
                aeron.close();
                driver.close();
            }
        };
    }

    @Override
    public void drive(Job job, Path place, Gauge gauge) throws Exception {
        try (Aeron aeron = connect(place);
                AeronLink link = new AeronLink(aeron, job, REQUESTS, ANSWERS)) {
            link.awaitConnection();
            Loops.drive(link, job, gauge);
        }
    }
}
