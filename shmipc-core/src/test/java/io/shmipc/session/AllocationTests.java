package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.BufferReader;
import io.shmipc.MemoryType;
import io.shmipc.Network;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.WaitStrategies;
import io.shmipc.sys.Allocations;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a message costs the garbage collector once its way is compiled: nothing, in any thread of either side.
 *
 * <p>That holds as long as nobody has to be woken, so nobody sleeps here: a message of the socket costs some garbage,
 * beside its microseconds. Rounds are measured until one is below the limit, so that a slow compiler fails nothing, and
 * over several sessions, as the event loop may come to look in a reader's place, who then waits in a list; a way that
 * allocates is above the limit in every round of each.
 */
@Timeout(120)
class AllocationTests {

    private static final int MESSAGES = 10_000;
    private static final int ROUNDS = 15;
    private static final int SESSIONS = 6;
    private static final int BYTES = 64;
    private static final long LAST = -1;

    private interface Round {
        void run() throws Exception;
    }

    private interface Conversation {
        void hold(Duo duo, Measurement measurement) throws Exception;
    }

    /** Keeps the least that a round allocated. */
    private static final class Measurement {
        private long least = Long.MAX_VALUE;

        void measure(Round round) throws Exception {
            for (int i = 0; i < ROUNDS && !isNothing(); i++) {
                long before = Allocations.ofAllThreads();
                round.run();
                least = Math.min(least, Allocations.ofAllThreads() - before);
            }
        }

        boolean isNothing() {
            return least < MESSAGES;
        }
    }

    private static void assertNothingIsAllocated(Duo.Builder builder, Conversation conversation) throws Exception {
        Measurement measurement = new Measurement();
        for (int i = 0; i < SESSIONS && !measurement.isNothing(); i++) {
            try (Duo duo = builder.open()) {
                conversation.hold(duo, measurement);
            }
        }
        assertThat(measurement.least)
                .as("bytes for %d messages there and back: less than one each", MESSAGES)
                .isLessThan(MESSAGES);
    }

    private static void send(Stream stream, long number) {
        stream.bufferWriter().reserve(BYTES).putLong(0, number);
        stream.flush();
    }

    private static long receive(Stream stream) {
        return stream.bufferReader().readBytes(BYTES).getLong(0);
    }

    private static Duo.Builder duo(boolean inline) {
        return Duo.of(new Variant(MemoryType.MEMFD, Network.UNIX, inline, WaitStrategies.YIELD));
    }

    @Test
    void threadsThatWaitForEachOtherAllocateNothing() throws Exception {
        assertNothingIsAllocated(duo(false), (duo, measurement) -> {
            Duo.Link link = duo.link();
            CompletableFuture<Void> echo = CompletableFuture.runAsync(() -> {
                long number;
                do {
                    number = receive(link.server());
                    link.server().releaseReadAndReuse();
                    send(link.server(), number);
                } while (number != LAST);
            });
            measurement.measure(() -> {
                for (int i = 0; i < MESSAGES; i++) {
                    send(link.client(), i);
                    if (receive(link.client()) != i) {
                        throw new AssertionError("another message than " + i + " came back");
                    }
                    link.client().bufferReader().releasePreviousRead();
                }
            });
            send(link.client(), LAST);
            echo.get(20, TimeUnit.SECONDS);
        });
    }

    @Test
    void callbacksOnTheThreadThatDrainsTheQueueAllocateNothing() throws Exception {
        Duo.Builder answering = duo(true).onStream(stream -> stream.setCallbacks(new Answers(stream)));
        assertNothingIsAllocated(answering, (duo, measurement) -> {
            Stream stream = duo.stream();
            Questions questions = new Questions(stream);
            stream.setCallbacks(questions);
            measurement.measure(questions::ask);
        });
    }

    private static class Answers implements StreamCallbacks {

        private final Stream stream;

        Answers(Stream stream) {
            this.stream = stream;
        }

        @Override
        public void onData(BufferReader reader) {
            while (reader.length() >= BYTES) {
                ByteBuffer question = reader.readBytes(BYTES);
                stream.bufferWriter().reserve(BYTES).put(question);
                stream.flush();
            }
        }

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {}
    }

    /** Asks the next question when the last one was answered. */
    private static final class Questions implements StreamCallbacks {

        private final Stream stream;
        private final Semaphore done = new Semaphore(0);
        private int asked;

        Questions(Stream stream) {
            this.stream = stream;
        }

        void ask() throws InterruptedException {
            asked = 0;
            send(stream, 0);
            assertThat(done.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void onData(BufferReader reader) {
            while (reader.length() >= BYTES) {
                long answered = reader.readBytes(BYTES).getLong(0);
                if (answered != asked) {
                    throw new IllegalStateException("answer " + answered + " came to question " + asked);
                }
                asked++;
                if (asked == MESSAGES) {
                    done.release();
                } else {
                    send(stream, asked);
                }
            }
        }

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {}
    }
}
