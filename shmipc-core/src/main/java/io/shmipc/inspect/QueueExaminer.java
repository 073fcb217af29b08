package io.shmipc.inspect;

import io.shmipc.layout.QueueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the two queues of a session until what seems wrong has gone or has been seen often enough to be believed.
 *
 * <p><b>Threads:</b> one.
 */
final class QueueExaminer implements Examiner {

    private static final QueueLayout LAYOUT = QueueLayout.ofThisMachine();
    private static final int MAX_STABLE_READS = 4;
    private static final int MAX_ODD_ELEMENTS = 1000;

    private final String name;
    private final Words words;
    private final QueueGeometry geometry;
    private final Patience patience;
    private final Progress[] progress = {new Progress(), new Progress()};
    private @Nullable RegionGeometry region;

    QueueExaminer(String name, Words words, QueueGeometry geometry, Patience patience) {
        this.name = name;
        this.words = words;
        this.geometry = geometry;
        this.patience = patience;
    }

    @Override
    public String name() {
        return name;
    }

    /** Says which region the elements' offsets are in. */
    void pairWith(RegionGeometry regionOfSession) {
        region = regionOfSession;
    }

    @Override
    public void sample(long nowNanos) {
        for (int i = 0; i < progress.length; i++) {
            int at = i * geometry.half();
            long head = counter(at + LAYOUT.head());
            progress[i].add(head, (int) (counter(at + LAYOUT.tail()) - head), nowNanos);
        }
    }

    QueuePairReport report() {
        Findings findings = new Findings();
        for (int i = 1; ; i++) {
            List<Problem> problems = new ArrayList<>();
            List<QueueReport> queues = List.of(
                    look(QueueReport.Direction.CLIENT_TO_SERVER, problems),
                    look(QueueReport.Direction.SERVER_TO_CLIENT, problems));
            findings.add(problems);
            if (findings.isEmpty() || i == MAX_LOOKS) {
                List<Problem> all = new ArrayList<>(geometry.problems());
                all.addAll(findings.problems());
                queues.forEach(queue -> addStall(queue, all));
                return new QueuePairReport(name, words.bytes(), queues, all);
            }
            patience.pause(i);
        }
    }

    private QueueReport look(QueueReport.Direction direction, List<Problem> problems) {
        int at = index(direction) * geometry.half();
        long head = counter(at + LAYOUT.head());
        long tail = counter(at + LAYOUT.tail());
        int working = words.at(at + LAYOUT.working());
        List<PendingElement> pending = List.of();
        int waiting = 0;
        int distance = (int) (tail - head);
        if (head < 0 || tail < 0 || tail - head != distance || distance < 0 || distance > geometry.capacity()) {
            problems.add(new Problem(
                    Problem.Kind.QUEUE_COUNTERS,
                    at,
                    "In the queue " + direction.words() + ", " + tail + " elements were put and " + head
                            + " consumed; it holds at most " + geometry.capacity() + "."));
        } else {
            pending = readPending(at, head, distance, problems);
            waiting = (int) Math.max(0, tail - counter(at + LAYOUT.head()));
        }
        if (working != 0 && working != 1) {
            problems.add(new Problem(
                    Problem.Kind.WORKING_FLAG,
                    at + LAYOUT.working(),
                    "The working flag of the queue " + direction.words() + " is " + Integer.toUnsignedString(working)
                            + "; 0 and 1 are possible."));
        }
        if (working == 0 && waiting > 0) {
            problems.add(new Problem(
                    Problem.Kind.NOT_WOKEN,
                    at + LAYOUT.working(),
                    waiting + " elements wait in the queue " + direction.words()
                            + ", but its consumer was not told: its working flag is 0."));
        }
        return new QueueReport(direction, at, geometry.capacity(), head, tail, waiting, pending, working != 0);
    }

    private List<PendingElement> readPending(int at, long head, int distance, List<Problem> problems) {
        int count = Math.min(distance, QueueReport.MAX_DETAILS);
        List<PendingElement> pending = new ArrayList<>();
        int slot = (int) Long.remainderUnsigned(head, geometry.capacity());
        List<Problem> odd = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int element = at + QueueLayout.HEADER_BYTES + slot * QueueLayout.ELEMENT_BYTES;
            long streamId = words.unsignedAt(element + QueueLayout.ELEMENT_STREAM_ID);
            long offset = words.unsignedAt(element + QueueLayout.ELEMENT_OFFSET);
            int state = words.at(element + QueueLayout.ELEMENT_STATUS) & QueueLayout.STATE_MASK;
            PendingElement waiting = new PendingElement(streamId, offset, state);
            pending.add(waiting);
            checkElement(waiting, element, odd);
            slot = slot + 1 == geometry.capacity() ? 0 : slot + 1;
        }
        // Whatever was consumed meanwhile may have been overwritten while it was read.
        int consumed = (int) Math.max(0, Math.min(count, counter(at + LAYOUT.head()) - head));
        pending.subList(0, consumed).clear();
        if (consumed == 0) {
            problems.addAll(odd.subList(0, Math.min(odd.size(), MAX_ODD_ELEMENTS)));
        }
        return pending;
    }

    private void checkElement(PendingElement waiting, int element, List<Problem> problems) {
        RegionGeometry its = region;
        boolean placeless = its != null && waiting.offset() != 0 && !its.isSlice((int) waiting.offset());
        if (placeless || !waiting.isKnownState()) {
            problems.add(new Problem(
                    Problem.Kind.ELEMENT,
                    element,
                    "The element at " + element + " for stream " + waiting.streamId() + " has "
                            + (placeless
                                    ? "offset " + waiting.offset() + ", where no slice of the region begins."
                                    : "state " + waiting.state() + "; 0 to 2 are possible.")));
        }
    }

    private void addStall(QueueReport queue, List<Problem> problems) {
        Duration stalled = progress[index(queue.direction())].stalledFor(queue.head());
        if (stalled.compareTo(Duration.ZERO) > 0 && queue.pendingCount() > 0) {
            problems.add(new Problem(
                    Problem.Kind.STALLED,
                    queue.offset(),
                    "The queue " + queue.direction().words() + " is not being consumed: "
                            + queue.pendingCount() + " elements wait and none was taken for at least "
                            + TextReport.seconds(stalled) + "."));
        }
    }

    private static int index(QueueReport.Direction direction) {
        return direction == QueueReport.Direction.CLIENT_TO_SERVER ? 0 : 1;
    }

    /** Returns a counter, read by halves like everywhere; again if its high half changed meanwhile. */
    private long counter(int offset) {
        int high = words.at(offset + Integer.BYTES);
        for (int i = 0; ; i++) {
            int low = words.at(offset);
            int highAgain = words.at(offset + Integer.BYTES);
            if (high == highAgain || i == MAX_STABLE_READS) {
                return (long) highAgain << Integer.SIZE | Integer.toUnsignedLong(low);
            }
            high = highAgain;
        }
    }

    /** Whether the consumer of one queue did anything from the first sample to the last. */
    private static final class Progress {

        private int samples;
        private boolean stuck = true;
        private long firstHead;
        private long firstNanos;
        private long lastNanos;

        void add(long head, int waiting, long nowNanos) {
            if (samples++ == 0) {
                firstHead = head;
                firstNanos = nowNanos;
            }
            stuck &= head == firstHead && waiting > 0;
            lastNanos = nowNanos;
        }

        Duration stalledFor(long head) {
            return stuck && samples > 1 && head == firstHead ? Examiner.between(firstNanos, lastNanos) : Duration.ZERO;
        }
    }
}
