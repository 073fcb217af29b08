package io.shmipc.benchmarks.mechanism;

import io.shmipc.shm.Region;
import io.shmipc.shm.Slice;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Taking a slice from its free list, handing it over, receiving it, giving it back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RegionBenchmark {

    private final Region region = RegionState.defaultRegion();
    private final Slice held = Objects.requireNonNull(region.allocate(64));

    @Benchmark
    public void allocateAndRecycle() {
        Slice slice = region.allocate(64);
        if (slice != null) {
            region.recycle(slice);
        }
    }

    @Benchmark
    public Slice handOverAndReceive() {
        Region.handOver(held);
        return region.receive(held.headerOffset());
    }
}
