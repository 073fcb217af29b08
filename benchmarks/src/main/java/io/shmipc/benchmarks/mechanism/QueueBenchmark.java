package io.shmipc.benchmarks.mechanism;

import io.shmipc.shm.QueuePair;
import io.shmipc.shm.ReceiveQueue;
import io.shmipc.shm.SendQueue;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Putting elements on a queue and taking them off its other end, by one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QueueBenchmark {

    private static final int CAPACITY = 8192;
    private static final int BATCH = 64;

    private final SendQueue send;
    private final ReceiveQueue receive;

    public QueueBenchmark() {
        ByteBuffer memory = RegionState.memory(QueuePair.mappingBytes(CAPACITY));
        send = QueuePair.format(memory, CAPACITY).send();
        receive = QueuePair.read(memory).receive();
        receive.markWorking();
    }

    @Benchmark
    public int putAndTake() {
        send.put(2, 44, 0, 64);
        receive.take();
        return receive.offset(0);
    }

    @Benchmark
    public int putAskAndTake() {
        send.put(2, 44, 0, 64);
        if (send.mustWake()) {
            receive.markWorking();
        }
        receive.take();
        return receive.offset(0);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int putAndTakeBatches() {
        for (int i = 0; i < BATCH; i++) {
            send.put(2, 44, 0, 64);
        }
        return receive.take();
    }

    @Benchmark
    public int lookInVain() {
        return receive.take();
    }
}
