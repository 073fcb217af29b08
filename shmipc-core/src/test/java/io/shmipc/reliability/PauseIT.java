package io.shmipc.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import io.shmipc.SliceSize;
import io.shmipc.interop.ChildProcess;
import io.shmipc.interop.Workspace;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.RegionLayout;
import io.shmipc.shm.Region;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.Slice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Processes that are stopped anywhere, for instance between reading a list's head and taking it, while others go on
 * with the same few slices.
 */
@Reliability
@Timeout(120)
class PauseIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int[] POOLS = {3, 4, 9};
    private static final int PROCESSES = 2;
    private static final int SLICE_BYTES = 44;
    private static final int LOOK_NANOS = 20_000;
    private static final int LONGEST_RUN_NANOS = 1_000_000;
    private static final int LONGEST_PAUSE_NANOS = 1_000_000;

    @Test
    void noSliceOfATinyPoolIsLentTwice() throws Exception {
        Figures.keep("pauses", 300, "SIGSTOP and SIGCONT on tiny pools without a double allocation", figure -> {
            long done = 0;
            long allocations = 0;
            for (int i = 0; i < POOLS.length; i++) {
                long until = figure.count() * (i + 1) / POOLS.length;
                try (Workspace workspace = new Workspace()) {
                    allocations += pause(workspace, POOLS[i], figure, done, until);
                }
                done = until;
            }
            return "%,d allocations, each with one owner; every slice came back".formatted(allocations);
        });
    }

    /** Returns how many allocations there were. */
    private static long pause(Workspace workspace, int slices, Figures figure, long done, long until) {
        long bytes = RegionLayout.HEADER_BYTES + FreeListLayout.listBytes(slices, SLICE_BYTES);
        String name = workspace.pathPrefix() + "-pool";
        SharedMemory memory = SharedMemory.create(MemoryType.FILE, name, bytes, Victim.FILE_MODE);
        Region region = Region.format(memory.bytes(), List.of(new SliceSize(SLICE_BYTES, 100)));
        assertThat(region.totalSlices()).isEqualTo(slices);
        List<ChildProcess> processes = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(PooledProcess.start(Path.of(name), i));
            }
            processes.forEach(process -> process.await("WORKING", PATIENCE));
            for (long i = done; i < until; i++) {
                pauseOnce(processes.get((int) (i % PROCESSES)));
                figure.reached(i + 1);
            }
            processes.forEach(process -> process.command("end"));
            long allocations = 0;
            for (ChildProcess process : processes) {
                allocations += Long.parseLong(process.await("DONE", PATIENCE));
            }
            requireWhole(region);
            return allocations;
        } finally {
            processes.forEach(ChildProcess::close);
            memory.release();
        }
    }

    private static void pauseOnce(ChildProcess process) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        LockSupport.parkNanos(random.nextInt(LONGEST_RUN_NANOS));
        assertThat(Signals.STOP.send(process.pid())).isTrue();
        awaitStopped(process.pid());
        LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
        assertThat(Signals.CONTINUE.send(process.pid())).isTrue();
    }

    private static void awaitStopped(long pid) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (state(pid) != 'T') {
            assertThat(System.nanoTime() - deadline).as("time to stop").isNegative();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static char state(long pid) {
        try {
            String facts = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return facts.charAt(facts.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes sure that every slice is free, and all but the last can be had, as ever. */
    private static void requireWhole(Region region) {
        assertThat(region.freeSlices()).as("free slices").isEqualTo(region.totalSlices());
        List<Slice> all = new ArrayList<>();
        for (Slice slice = region.allocate(1); slice != null; slice = region.allocate(1)) {
            all.add(slice);
        }
        assertThat(all).doesNotHaveDuplicates().hasSize(region.totalSlices() - 1);
    }
}
