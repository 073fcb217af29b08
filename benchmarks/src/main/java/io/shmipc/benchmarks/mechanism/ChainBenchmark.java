package io.shmipc.benchmarks.mechanism;

import io.shmipc.ShmipcException;
import io.shmipc.shm.ChainReader;
import io.shmipc.shm.ChainWriter;
import io.shmipc.shm.Region;
import io.shmipc.shm.Slice;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Writing a message into slices and reading it again, slices given back, without queue and session. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChainBenchmark {

    @Param({"64", "4096", "65536"})
    private int bytes;

    private final Region region = RegionState.defaultRegion();
    private final ChainWriter writer = new ChainWriter(region, () -> {});
    private final ChainReader reader = new ChainReader(region, new NoMore());
    private byte[] array = new byte[0];

    private static final class NoMore implements ChainReader.Source {

        @Override
        public void awaitLength(int length) {
            throw new IllegalStateException("nothing more comes here");
        }

        @Override
        public void collect() {}

        @Override
        public ShmipcException closedException() {
            throw new IllegalStateException("nobody closes it");
        }
    }

    @Setup
    public void makeArray() {
        array = new byte[bytes];
    }

    private void pass() {
        Slice chain = Objects.requireNonNull(writer.chain());
        int offset = chain.headerOffset();
        Region.handOver(chain);
        writer.forget();
        reader.append(region.receive(offset));
    }

    @Benchmark
    public long reserveAndRead() {
        ByteBuffer span = writer.reserve(bytes);
        span.putLong(0, bytes);
        pass();
        long value = reader.readBytes(bytes).getLong(0);
        reader.releasePreviousRead();
        return value;
    }

    @Benchmark
    public long writeLongAndReadLong() {
        writer.writeLong(bytes);
        pass();
        long value = reader.readLong();
        reader.releasePreviousRead();
        return value;
    }

    @Benchmark
    public byte[] copyInAndOut() {
        writer.writeBytes(array);
        pass();
        reader.readBytes(array, 0, bytes);
        reader.releasePreviousRead();
        return array;
    }
}
