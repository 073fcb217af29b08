package io.shmipc.reliability;

import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.JavaPeer;
import io.shmipc.layout.Cells;
import io.shmipc.shm.Region;
import io.shmipc.shm.Slice;
import io.shmipc.sys.FileFacts;
import io.shmipc.sys.Mappings;
import io.shmipc.sys.SharedFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * A process whose threads take slices of a pool and give them back, as fast as they can, and see that nobody else has
 * them meanwhile.
 *
 * <pre>
 *            is at work           WORKING
 * a line     ends it              DONE ALLOCATIONS
 * </pre>
 *
 * Each owner writes its own number into the slice: 0 must be there before, and its number afterwards.
 */
final class PooledProcess {

    private static final int THREADS = 2;
    private static final int NOBODY = 0;
    private static final int LONGEST_HOLD_SPINS = 200;
    private static final int ANY_SIZE = 1;

    private final ByteBuffer memory;
    private final Region region;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final LongAdder allocations = new LongAdder();

    private PooledProcess(ByteBuffer memory) {
        this.memory = memory;
        this.region = Region.read(memory);
    }

    /** Starts a process on the pool in a file; its number tells its owners from others'. */
    static ChildProcess start(Path file, int number) {
        return JavaPeer.start(PooledProcess.class, file.toString(), Integer.toString(number));
    }

    /** Works until a line comes. */
    public static void main(String[] arguments) throws Exception {
        PooledProcess process = new PooledProcess(map(Path.of(arguments[0])));
        int firstOwner = 1 + Integer.parseInt(arguments[1]) * THREADS;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int owner = firstOwner + i;
            Thread thread = new Thread(() -> process.work(owner));
            thread.start();
            threads.add(thread);
        }
        System.out.println("WORKING");
        if (System.in.read() < 0) {
            System.err.println("the test is gone");
        }
        process.enough.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("DONE " + process.allocations.sum());
    }

    private static ByteBuffer map(Path file) throws IOException {
        try (var descriptor = SharedFiles.openExisting(file)) {
            return Mappings.map(descriptor, FileFacts.of(descriptor).bytes());
        }
    }

    private void work(int owner) {
        try {
            while (!enough.get()) {
                Slice slice = region.allocate(ANY_SIZE);
                if (slice == null) {
                    Thread.onSpinWait();
                    continue;
                }
                hold(slice, owner);
                region.recycle(slice);
                allocations.increment();
            }
        } catch (RuntimeException e) {
            System.out.println("FAIL " + e);
            enough.set(true);
        }
    }

    private void hold(Slice slice, int owner) {
        int place = slice.writePosition();
        requireOwner(Cells.compareAndSet(memory, place, NOBODY, owner), slice, owner);
        for (int spins = ThreadLocalRandom.current().nextInt(LONGEST_HOLD_SPINS); spins > 0; spins--) {
            Thread.onSpinWait();
        }
        requireOwner(Cells.compareAndSet(memory, place, owner, NOBODY), slice, owner);
    }

    private void requireOwner(boolean alone, Slice slice, int owner) {
        if (!alone) {
            throw new IllegalStateException("the slice at " + slice.headerOffset() + " belongs to " + owner + " and to "
                    + Cells.loadAcquire(memory, slice.writePosition()));
        }
    }
}
