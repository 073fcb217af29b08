package io.shmipc.benchmarks.transport;

import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.SliceSize;
import io.shmipc.Stream;
import io.shmipc.WaitStrategy;
import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.job.Pattern;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * This library.
 *
 * <p>Unless the default configuration is asked for, messages that are larger than its largest slice get a region whose
 * slices hold one each.
 */
final class ShmipcTransport implements Transport {

    /** How the server reads. */
    enum Serving {
        /** One thread that blocks in reads. */
        BLOCKING,
        /** Callbacks on the thread that drains the queue. */
        CALLBACKS
    }

    private static final int LARGEST_DEFAULT_SLICE = (128 << 10) - ShmipcConfig.SLICE_HEADER_BYTES;
    private static final int SMALLEST_DEFAULT_SLICE = (8 << 10) - ShmipcConfig.SLICE_HEADER_BYTES;
    private static final int LINE_BYTES = 64;
    private static final int MESSAGES_IN_REGION = 12;
    private static final long CLIENT_TIMEOUT_SECONDS = 30;

    private final WaitStrategy strategy;
    private final Serving serving;
    private final boolean defaultSlices;

    ShmipcTransport(WaitStrategy strategy, Serving serving, boolean defaultSlices) {
        this.strategy = strategy;
        this.serving = serving;
        this.defaultSlices = defaultSlices;
    }

    @Override
    public boolean supports(Job job) {
        boolean larger = job.bytes() > LARGEST_DEFAULT_SLICE;
        return switch (job.pattern()) {
            case TOUCH, FILL -> !defaultSlices || larger;
            case PACED, RARE, ONE_WAY, BATCHED -> !defaultSlices && serving == Serving.BLOCKING;
            case STREAMS_CALLBACKS, STREAMS_THREADS -> !defaultSlices && serving == Serving.BLOCKING;
        };
    }

    /** Returns the configuration of one job. */
    ShmipcConfig config(Job job) {
        ShmipcConfig.Builder builder = ShmipcConfig.builder()
                .waitStrategy(strategy)
                .initializeTimeout(Duration.ofSeconds(CLIENT_TIMEOUT_SECONDS));
        if (job.bytes() > LARGEST_DEFAULT_SLICE && !defaultSlices) {
            int inLines = (job.bytes() + ShmipcConfig.SLICE_HEADER_BYTES + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
            builder.sliceSizes(List.of(
                            new SliceSize(SMALLEST_DEFAULT_SLICE, 10),
                            new SliceSize(inLines - ShmipcConfig.SLICE_HEADER_BYTES, 90)))
                    .regionBytes(Math.max(32L << 20, (long) MESSAGES_IN_REGION * inLines * 10 / 9));
        }
        if (serving == Serving.CALLBACKS || job.pattern() == Pattern.STREAMS_CALLBACKS) {
            builder.callbackExecutor(Runnable::run);
        }
        return builder.build();
    }

    private int piece(Job job) {
        // Whole words, so that no word lies across two slices.
        return defaultSlices ? LARGEST_DEFAULT_SLICE / Long.BYTES * Long.BYTES : Math.max(job.bytes(), Long.BYTES);
    }

    private SessionManager connect(Job job, Path place) {
        return SessionManager.open(SessionManagerConfig.builder(ShmipcAddress.unix(place))
                .config(config(job))
                .build());
    }

    @Override
    public void drive(Job job, Path place, Gauge gauge) throws Exception {
        try (SessionManager sessions = connect(job, place)) {
            switch (job.pattern()) {
                case STREAMS_CALLBACKS -> new CallbackStreams(sessions, job).drive(gauge);
                case STREAMS_THREADS -> ThreadedStreams.drive(sessions, job, gauge);
                default -> {
                    try (ShmipcLink link = new ShmipcLink(sessions.getStream(), job, piece(job))) {
                        Loops.drive(link, job, gauge);
                    }
                }
            }
        }
    }

    @Override
    public Service listen(Job job, Path place, Gauge gauge) {
        ListenerConfig config = ListenerConfig.builder(ShmipcAddress.unix(place))
                .config(config(job))
                .build();
        if (serving == Serving.CALLBACKS || job.pattern() == Pattern.STREAMS_CALLBACKS) {
            return new CallbackEcho(config, job, gauge, piece(job));
        }
        return job.pattern() == Pattern.STREAMS_THREADS
                ? new ThreadedStreams.Echo(config, job, gauge)
                : new Blocking(config, job, gauge);
    }

    /** One thread takes the client's stream and serves it by blocking reads. */
    private final class Blocking implements Service {

        private final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();
        private final Listener listener;
        private final Job job;
        private final Gauge gauge;

        Blocking(ListenerConfig config, Job job, Gauge gauge) {
            this.listener = new Listener(streams::add, config);
            this.job = job;
            this.gauge = gauge;
            listener.start();
        }

        @Override
        public void run() throws Exception {
            try (ShmipcLink link = new ShmipcLink(next(streams), job, piece(job))) {
                Loops.serve(link, job, gauge);
            }
        }

        @Override
        public void close() {
            listener.close();
        }
    }

    static Stream next(BlockingQueue<Stream> streams) throws InterruptedException, TimeoutException {
        Stream stream = streams.poll(CLIENT_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (stream == null) {
            throw new TimeoutException("no client opened a stream");
        }
        return stream;
    }
}
