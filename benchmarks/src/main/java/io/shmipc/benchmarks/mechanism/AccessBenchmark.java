package io.shmipc.benchmarks.mechanism;

import io.shmipc.layout.Cells;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Ordered access to words of shared memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AccessBenchmark {

    private final ByteBuffer memory = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
    private int value;

    @Benchmark
    public int loadAcquire() {
        return Cells.loadAcquire(memory, 64);
    }

    @Benchmark
    public void storeRelease() {
        Cells.storeRelease(memory, 64, value++);
    }

    @Benchmark
    public boolean compareAndSet() {
        int before = value++;
        return Cells.compareAndSet(memory, 128, before, before + 1);
    }

    @Benchmark
    public int getAndAdd() {
        return Cells.getAndAdd(memory, 192, 1);
    }

    @Benchmark
    public void fullFence() {
        Cells.fullFence();
    }
}
