package io.shmipc.sample.lab.measure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to and fro through each transport in turn: round by round, so that what disturbs the machine for a
 * while disturbs them all.
 *
 * <p><b>Threads:</b> one runs it, any may cancel it.
 */
final class Measurement {

    private static final int WARM_UP_MILLIS = 400;

    private final Plan plan;
    private final PingPongs pingPongs;
    private final List<Cell> cells = new ArrayList<>();
    private volatile boolean cancelled;

    Measurement(Plan plan, PingPongs pingPongs) {
        this.plan = plan;
        this.pingPongs = pingPongs;
        for (int bytes : plan.sizes()) {
            for (Transport transport : Transport.values()) {
                cells.add(new Cell(transport, bytes));
            }
        }
    }

    /**
     * Measures.
     *
     * @param progress is told the share that is done, after each round of each size
     */
    void run(Consumer<Double> progress) throws IOException, InterruptedException {
        Map<Transport, List<PingPong>> open = new EnumMap<>(Transport.class);
        ExecutorService callers = Executors.newFixedThreadPool(plan.streams());
        try {
            for (Transport transport : Transport.values()) {
                List<PingPong> all = new ArrayList<>();
                open.put(transport, all);
                for (int i = 0; i < plan.streams(); i++) {
                    all.add(pingPongs.open(transport));
                }
                call(callers, all, message(plan.sizes().get(0)), WARM_UP_MILLIS);
            }
            int steps = (plan.rounds() + 1) * cells.size();
            int done = 0;
            for (int round = 0; round <= plan.rounds() && !cancelled; round++) {
                for (Cell cell : cells) {
                    long begin = System.nanoTime();
                    List<Samples> samples =
                            call(callers, opened(open, cell.transport), cell.message, plan.roundMillis());
                    // The first round warms up.
                    if (round > 0) {
                        cell.add(samples, System.nanoTime() - begin);
                    }
                    progress.accept((double) ++done / steps);
                }
            }
        } finally {
            callers.shutdownNow();
            for (List<PingPong> all : open.values()) {
                for (PingPong each : all) {
                    each.close();
                }
            }
        }
    }

    private static ByteBuffer message(int bytes) {
        ByteBuffer message = ByteBuffer.allocateDirect(bytes);
        for (int i = 0; i < bytes; i++) {
            message.put(i, (byte) i);
        }
        return message;
    }

    private static List<PingPong> opened(Map<Transport, List<PingPong>> open, Transport transport) {
        return open.getOrDefault(transport, List.of());
    }

    private List<Samples> call(ExecutorService callers, List<PingPong> pingPongs, ByteBuffer message, int millis)
            throws IOException, InterruptedException {
        List<Callable<Samples>> work = new ArrayList<>();
        for (PingPong each : pingPongs) {
            work.add(() -> callFor(each, message, millis));
        }
        List<Samples> samples = new ArrayList<>();
        for (Future<Samples> each : callers.invokeAll(work)) {
            try {
                samples.add(each.get());
            } catch (ExecutionException e) {
                throw new IOException("A round trip failed: " + e.getMessage(), e);
            }
        }
        return samples;
    }

    private Samples callFor(PingPong pingPong, ByteBuffer message, int millis) throws IOException {
        Samples samples = new Samples();
        long sum = Checksum.of(message);
        long end = System.nanoTime() + millis * 1_000_000L;
        long now = System.nanoTime();
        while (now < end && !cancelled) {
            if (pingPong.roundTrip(message) != sum) {
                throw new IOException("Other bytes came back than were sent");
            }
            long after = System.nanoTime();
            samples.add(after - now);
            now = after;
        }
        return samples;
    }

    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    Plan plan() {
        return plan;
    }

    /** Returns what is known so far. */
    List<Result> results() {
        return cells.stream()
                .map(Cell::result)
                .flatMap(Optional<Result>::stream)
                .toList();
    }

    /** One size over one transport. */
    private final class Cell {

        private final Transport transport;
        private final int bytes;
        private final ByteBuffer message;
        private final Samples samples = new Samples();
        private long elapsedNanos;
        private volatile @Nullable Result result;

        Cell(Transport transport, int bytes) {
            this.transport = transport;
            this.bytes = bytes;
            this.message = message(bytes);
        }

        void add(List<Samples> more, long nanos) {
            more.forEach(samples::addAll);
            elapsedNanos += nanos;
            if (samples.count() > 0) {
                result = Result.of(transport, bytes, plan.streams(), samples, elapsedNanos);
            }
        }

        Optional<Result> result() {
            return Optional.ofNullable(result);
        }
    }
}
