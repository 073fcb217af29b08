package io.shmipc.inspect;

import io.shmipc.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the shared memory of a file or of a process looks like now.
 *
 * <p>The memory is mapped for reading only and may be in use: other processes go on and notice nothing. What seems
 * wrong is looked at again, for up to an eighth of a second, and reported only if it stays: most often it was another
 * process's work half done. Numbers of a busy region are therefore of slightly different moments. A mapping is given up
 * when the garbage collector finds it unused.
 *
 * <p><b>Threads:</b> any; the records are immutable.
 *
 * @param target what was inspected, in words
 * @param watched for how long
 * @param regions the buffer regions that were found
 * @param queuePairs the queues that were found, one pair per session
 * @param unrecognised other shared memory of the process
 */
public record Inspection(
        String target,
        Duration watched,
        List<RegionReport> regions,
        List<QueuePairReport> queuePairs,
        List<Unrecognised> unrecognised) {

    private static final long MIN_SAMPLE_MILLIS = 10;
    private static final long MAX_SAMPLE_MILLIS = 500;
    private static final int SAMPLES = 10;
    private static final int SHOWN_OTHERS = 3;

    public Inspection {
        regions = List.copyOf(regions);
        queuePairs = List.copyOf(queuePairs);
        unrecognised = List.copyOf(unrecognised);
    }

    /**
     * Inspects the region or the queues in a file.
     *
     * @throws InspectionException if the file cannot be read or holds neither
     */
    public static Inspection ofFile(Path file) {
        return ofFile(file, Duration.ZERO);
    }

    /**
     * Inspects the region or the queues in a file after watching them, which tells how long slices have been in use and
     * whether queues are consumed.
     *
     * @throws InspectionException if the file cannot be read or holds neither, or the thread is interrupted
     */
    public static Inspection ofFile(Path file, Duration watch) {
        String name = file.toString();
        try {
            Examiner examiner = Examiner.of(name, MappedFile.map(file, name), Examiner.Patience.GROWING);
            Inspection inspection = examine(name, List.of(examiner), List.of(), watch);
            if (!inspection.unrecognised.isEmpty()) {
                throw new InspectionException(
                        Reason.SYSTEM_CALL_FAILED,
                        name + " " + inspection.unrecognised.get(0).reason() + ".");
            }
            return inspection;
        } catch (UnrecognisedException e) {
            throw new InspectionException(
                    Reason.PROTOCOL_VIOLATION, name + " holds no shmipc memory: it is " + e.getMessage() + ".", e);
        } catch (InternalError e) {
            throw new InspectionException(Reason.SYSTEM_CALL_FAILED, name + " " + shrank(e) + ".", e);
        }
    }

    /**
     * Inspects every region and all queues that a process has mapped or holds a descriptor of.
     *
     * @throws InspectionException if there is no such process, it may not be looked into, or it shares no shmipc memory
     */
    public static Inspection ofProcess(long pid) {
        return ofProcess(pid, Duration.ZERO);
    }

    /**
     * Inspects the shared memory of a process after watching it, which tells how long slices have been in use and
     * whether queues are consumed.
     *
     * @throws InspectionException if there is no such process, it may not be looked into, it shares no shmipc memory,
     *     or the thread is interrupted
     */
    public static Inspection ofProcess(long pid, Duration watch) {
        List<Examiner> examiners = new ArrayList<>();
        List<Unrecognised> others = new ArrayList<>();
        ProcessMemory memory = ProcessMemory.of(pid);
        others.addAll(memory.unreachable());
        for (ProcessMemory.Mapping mapping : memory.mappings()) {
            try {
                examiners.add(Examiner.of(
                        mapping.name(), MappedFile.map(mapping.path(), mapping.name()), Examiner.Patience.GROWING));
            } catch (UnrecognisedException | InspectionException e) {
                // Files that other software shares are none of our business; a memfd's name says less about its maker.
                if (Names.mayBeShmipc(mapping.name())) {
                    others.add(new Unrecognised(mapping.name(), String.valueOf(e.getMessage())));
                }
            } catch (InternalError e) {
                others.add(new Unrecognised(mapping.name(), shrank(e)));
            }
        }
        if (examiners.isEmpty()) {
            throw new InspectionException(Reason.PROTOCOL_VIOLATION, none(pid, others));
        }
        return examine("process " + pid, examiners, others, watch);
    }

    private static String none(long pid, List<Unrecognised> others) {
        StringBuilder text = new StringBuilder("Process " + pid + " shares no shmipc memory");
        others.stream()
                .limit(SHOWN_OTHERS)
                .forEach(other -> text.append("; not ")
                        .append(other.name())
                        .append(" (")
                        .append(other.reason())
                        .append(')'));
        if (others.size() > SHOWN_OTHERS) {
            text.append("; nor ").append(others.size() - SHOWN_OTHERS).append(" others");
        }
        return text.append('.').toString();
    }

    /** Watches and reports; memory that fails meanwhile joins the others. */
    static Inspection examine(String target, List<Examiner> examiners, List<Unrecognised> others, Duration watch) {
        List<Unrecognised> unrecognised = new ArrayList<>(others);
        List<Examiner> alive = new ArrayList<>(examiners);
        pair(alive);
        Duration watched = watch.isZero() ? Duration.ZERO : watch(alive, unrecognised, watch);
        List<RegionReport> regions = new ArrayList<>();
        List<QueuePairReport> queuePairs = new ArrayList<>();
        for (Examiner examiner : alive) {
            try {
                if (examiner instanceof RegionExaminer region) {
                    regions.add(region.report());
                } else if (examiner instanceof QueueExaminer queues) {
                    queuePairs.add(queues.report());
                }
            } catch (InternalError e) {
                unrecognised.add(new Unrecognised(examiner.name(), shrank(e)));
            }
        }
        return new Inspection(target, watched, regions, queuePairs, unrecognised);
    }

    /** Tells queues which region their sessions use, as the names say. */
    private static void pair(List<Examiner> examiners) {
        for (Examiner examiner : examiners) {
            if (examiner instanceof QueueExaminer queues) {
                examiners.stream()
                        .filter(RegionExaminer.class::isInstance)
                        .map(RegionExaminer.class::cast)
                        .filter(region -> Names.belongTogether(region.name(), queues.name()))
                        .findFirst()
                        .ifPresent(region -> queues.pairWith(region.geometry()));
            }
        }
    }

    private static Duration watch(List<Examiner> examiners, List<Unrecognised> unrecognised, Duration watch) {
        long stepMillis = Math.max(MIN_SAMPLE_MILLIS, Math.min(MAX_SAMPLE_MILLIS, watch.toMillis() / SAMPLES));
        long begin = System.nanoTime();
        long now = begin;
        while (true) {
            sample(examiners, unrecognised, now);
            long leftNanos = watch.toNanos() - (now - begin);
            if (leftNanos <= 0) {
                return Examiner.between(begin, now);
            }
            pause(Math.min(leftNanos, TimeUnit.MILLISECONDS.toNanos(stepMillis)));
            now = System.nanoTime();
        }
    }

    private static void sample(List<Examiner> examiners, List<Unrecognised> unrecognised, long nowNanos) {
        for (Iterator<Examiner> each = examiners.iterator(); each.hasNext(); ) {
            Examiner examiner = each.next();
            try {
                examiner.sample(nowNanos);
            } catch (InternalError e) {
                unrecognised.add(new Unrecognised(examiner.name(), shrank(e)));
                each.remove();
            }
        }
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                throw InspectionException.interrupted(null);
            }
        }
    }

    /** Says what a fault on mapped memory means; the JVM throws an InternalError for it and goes on. */
    private static String shrank(InternalError fault) {
        if (fault.getMessage() == null || !fault.getMessage().contains("memory access")) {
            throw fault;
        }
        return "became smaller while it was read";
    }

    /** Returns whether anything is wrong in the memory. */
    public boolean hasProblems() {
        return !problems().isEmpty();
    }

    /** Returns everything that is wrong in the memory. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        regions.forEach(region -> problems.addAll(region.problems()));
        queuePairs.forEach(queues -> problems.addAll(queues.problems()));
        return problems;
    }

    /**
     * Returns the report as lines for people.
     *
     * @param all whether to list every slice in use and every waiting element, and not only the first few
     */
    public String toText(boolean all) {
        return new TextReport(this, all).write();
    }

    /** Returns the report as a JSON object, in ASCII. */
    public String toJson() {
        return JsonReport.write(this);
    }
}
