package io.shmipc.benchmarks.transport;

import io.shmipc.benchmarks.job.Gauge;
import io.shmipc.benchmarks.job.Job;
import io.shmipc.benchmarks.job.Payload;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The least that two processes need: one mapped file, a counter for each direction, the message in place.
 *
 * <pre>
 * byte   0          128        4096                 4096 + size rounded up to pages
 *        +----------+----------+--------------------+--------------------+
 *        | requests | answers  | request ...        | answer ...         |
 *        +----------+----------+--------------------+--------------------+
 * </pre>
 *
 * Each side counts its own messages up and spins on the other's counter.
 */
final class FloorTransport implements Transport {

    private static final int REQUESTS = 0;
    private static final int ANSWERS = 128;
    private static final int PAGE = 4096;
    private static final VarHandle COUNTER = MethodHandles.byteBufferViewVarHandle(
                    long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    @Override
    public boolean supports(Job job) {
        return job.pattern().isPingPong();
    }

    @Override
    public Service listen(Job job, Path place, Gauge gauge) throws IOException {
        Path file = SharedNames.of(place);
        Spinning link = new Spinning(map(file, job, StandardOpenOption.CREATE_NEW), job, false);
        return new Service() {
            @Override
            public void run() throws Exception {
                Loops.serve(link, job, gauge);
            }

            @Override
            public void close() throws IOException {
                Files.deleteIfExists(file);
            }
        };
    }

    @Override
    public void drive(Job job, Path place, Gauge gauge) throws Exception {
        Loops.drive(new Spinning(map(SharedNames.of(place), job, StandardOpenOption.WRITE), job, true), job, gauge);
    }

    private static int area(Job job) {
        return (job.bytes() + PAGE - 1) / PAGE * PAGE;
    }

    private static MappedByteBuffer map(Path file, Job job, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, option)) {
            MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, PAGE + 2L * area(job));
            memory.order(ByteOrder.LITTLE_ENDIAN);
            return memory;
        }
    }

    private static final class Spinning implements Link {

        private final ByteBuffer memory;
        private final Job job;
        private final int ownCounter;
        private final int otherCounter;
        private final int ownArea;
        private final int otherArea;

        Spinning(ByteBuffer memory, Job job, boolean client) {
            this.memory = memory;
            this.job = job;
            this.ownCounter = client ? REQUESTS : ANSWERS;
            this.otherCounter = client ? ANSWERS : REQUESTS;
            this.ownArea = client ? PAGE : PAGE + area(job);
            this.otherArea = client ? PAGE + area(job) : PAGE;
        }

        private long sent;

        @Override
        public void put(long number) {
            Payload.write(memory, ownArea, job, number);
        }

        @Override
        public void flush() {
            COUNTER.setRelease(memory, ownCounter, ++sent);
        }

        @Override
        public void receive(long number) {
            while ((long) COUNTER.getAcquire(memory, otherCounter) != number + 1) {
                Thread.onSpinWait();
            }
            Payload.check(memory, otherArea, job, number);
        }

        @Override
        public void acknowledge(long had) {
            throw new UnsupportedOperationException("nothing is sent one way here");
        }

        @Override
        public long awaitAcknowledgement() {
            throw new UnsupportedOperationException("nothing is sent one way here");
        }

        @Override
        public void close() {}
    }
}
