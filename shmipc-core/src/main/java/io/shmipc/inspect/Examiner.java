package io.shmipc.inspect;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Looks at one piece of memory, now and then. */
sealed interface Examiner permits RegionExaminer, QueueExaminer {

    /** How often memory is looked at, at most, until what seems wrong is believed. */
    int MAX_LOOKS = 8;

    /** Returns the label of the memory. */
    String name();

    /** Takes note of what can be compared later. */
    void sample(long nowNanos);

    /**
     * Recognises memory by its content.
     *
     * @throws UnrecognisedException if it holds neither a region nor queues
     */
    static Examiner of(String name, ByteBuffer memory, Patience patience) throws UnrecognisedException {
        Words words = new Words(memory);
        if (QueueGeometry.fitsExactly(words)) {
            return new QueueExaminer(name, words, QueueGeometry.read(words), patience);
        }
        String asRegion;
        try {
            return new RegionExaminer(name, words, RegionGeometry.read(words), patience);
        } catch (UnrecognisedException e) {
            asRegion = e.getMessage();
        }
        try {
            return new QueueExaminer(name, words, QueueGeometry.read(words), patience);
        } catch (UnrecognisedException e) {
            throw new UnrecognisedException("neither a buffer region nor a pair of queues: as a region it " + asRegion
                    + ", as queues it " + e.getMessage());
        }
    }

    /** How long to wait before looking again: what another process is half-way through deserves time to be finished. */
    interface Patience {

        /** Waits, longer each time: 127 ms in all, more than a scheduler lets a process wait. */
        Patience GROWING = look -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1L << (look - 1)));
            if (Thread.currentThread().isInterrupted()) {
                throw InspectionException.interrupted(null);
            }
        };

        /** Waits before the given look, counted from 1; the first, 0, is at once. */
        void pause(int look);
    }

    /** Returns the time between two moments of {@link System#nanoTime}. */
    static Duration between(long fromNanos, long toNanos) {
        return Duration.ofNanos(toNanos - fromNanos);
    }
}
