package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.MemoryType;
import io.shmipc.Network;
import io.shmipc.SessionClosedException;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import io.shmipc.WaitStrategies;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever drains the queue, nothing on it is ever forgotten. */
@Timeout(60)
class ConsumerRoleTests {

    /** Longest time for which a message may stay unseen. */
    private static final Duration STRANDED = Duration.ofSeconds(15);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Duo duo;

    @AfterEach
    void close() {
        threads.shutdownNow();
        if (duo != null) {
            duo.close();
        }
    }

    private static Variant waiting(WaitStrategies waiting, boolean inline) {
        return new Variant(MemoryType.MEMFD, Network.UNIX, inline, waiting);
    }

    /** One stream that sends numbered messages and gets each of them back. */
    private interface Caller {
        void call(int number);

        void close();
    }

    private final class BlockingCaller implements Caller {
        private final Stream stream = duo.stream();

        @Override
        public void call(int number) {
            stream.setReadDeadline(Instant.now().plus(STRANDED));
            stream.bufferWriter().writeInt(number);
            stream.flush();
            assertThat(stream.bufferReader().readInt()).isEqualTo(number);
            stream.bufferReader().releasePreviousRead();
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    private final class CalledCaller implements Caller, StreamCallbacks {
        private final Stream stream = duo.stream();
        private final BlockingQueue<Integer> replies = new LinkedBlockingQueue<>();

        CalledCaller() {
            stream.setCallbacks(this);
        }

        @Override
        public void call(int number) {
            stream.bufferWriter().writeInt(number);
            stream.flush();
            try {
                assertThat(replies.poll(STRANDED.toMillis(), TimeUnit.MILLISECONDS))
                        .isEqualTo(number);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onData(BufferReader reader) {
            while (reader.length() >= Integer.BYTES) {
                replies.add(reader.readInt());
            }
        }

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {}

        @Override
        public void close() {
            stream.close();
        }
    }

    /** Serves every other stream with a thread that waits, the others with callbacks. */
    private void serve(Stream stream) {
        if (stream.id() % 2 == 0) {
            stream.setCallbacks(new Echo(stream));
            return;
        }
        threads.execute(() -> {
            try (stream) {
                while (true) {
                    stream.bufferWriter().writeInt(stream.bufferReader().readInt());
                    stream.bufferReader().releasePreviousRead();
                    stream.flush();
                }
            } catch (StreamClosedException | SessionClosedException e) {
                // The client has closed the stream.
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"ADAPTIVE, false", "ADAPTIVE, true", "PARK, false", "PARK, true", "YIELD, false", "BUSY_SPIN, false"})
    void nothingIsStrandedWhileReadersComeAndGo(WaitStrategies strategy, boolean inline) throws Exception {
        duo = Duo.of(waiting(strategy, inline)).onStream(this::serve).open();
        boolean spins = strategy == WaitStrategies.YIELD || strategy == WaitStrategies.BUSY_SPIN;
        int callers = spins ? 3 : 12;
        int rounds = spins ? 40 : 250;
        List<Future<?>> ends = new ArrayList<>();
        for (int c = 0; c < callers; c++) {
            int seed = c;
            ends.add(threads.submit(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                Caller caller = new BlockingCaller();
                for (int round = 0; round < rounds; round++) {
                    caller.call(round);
                    int next = random.nextInt(40);
                    if (next == 0) {
                        caller.close();
                        caller = random.nextBoolean() ? new BlockingCaller() : new CalledCaller();
                    } else if (next < 10) {
                        LockSupport.parkNanos(random.nextInt(2_500_000));
                    }
                }
                caller.close();
                return null;
            }));
        }
        for (Future<?> end : ends) {
            end.get();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ADAPTIVE", "PARK"})
    void sixtyFourThreadsShareOneSession(WaitStrategies strategy) throws Exception {
        duo = Duo.of(waiting(strategy, false)).echo().open();
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        List<Future<?>> ends = new ArrayList<>();
        for (int t = 0; t < 64; t++) {
            Caller caller = new BlockingCaller();
            ends.add(threads.submit(() -> {
                start.await();
                for (int i = 0; i < 60; i++) {
                    caller.call(i);
                    done.incrementAndGet();
                }
                caller.close();
                return null;
            }));
        }
        start.countDown();
        for (Future<?> end : ends) {
            end.get();
        }
        assertThat(done).hasValue(64 * 60);
    }

    @Test
    void aMessageForAnIdleReaderArrivesWhileAnotherReaderIsBusy() throws Exception {
        duo = Duo.of(Variant.USUAL).open();
        Duo.Link busy = duo.link();
        Duo.Link idle = duo.link();
        Future<?> echo = threads.submit(() -> {
            for (int i = 0; i < 200; i++) {
                busy.server()
                        .bufferWriter()
                        .writeByte(busy.server().bufferReader().readByte());
                busy.server().bufferReader().releasePreviousRead();
                busy.server().flush();
            }
        });
        Future<Byte> waiting = threads.submit(() -> idle.client().bufferReader().readByte());
        for (int i = 0; i < 200; i++) {
            if (i == 100) {
                Payload.send(idle.server(), new byte[] {7});
            }
            Payload.roundTrip(busy.client(), new byte[] {(byte) i});
        }
        echo.get();
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo((byte) 7);
    }

    private static long cpuNanosOf(String name) {
        var bean = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(name)) {
                nanos += Math.max(0, bean.getThreadCpuTime(thread.getId()));
            }
        }
        return nanos;
    }

    /** Lets time pass in which nothing ought to happen. */
    private static void letTimePass() {
        await().pollDelay(Duration.ofMillis(400)).until(() -> true);
    }

    @ParameterizedTest
    @EnumSource(names = {"ADAPTIVE", "PARK"})
    void anIdleSessionTakesNoProcessorTime(WaitStrategies strategy) {
        duo = Duo.of(waiting(strategy, false)).echo().open();
        Stream stream = duo.stream();
        for (int i = 0; i < 20; i++) {
            Payload.roundTrip(stream, new byte[] {1});
        }
        await().pollDelay(Duration.ofMillis(20)).until(() -> true);
        long before = cpuNanosOf("shmipc-event-loop");
        letTimePass();
        assertThat(Duration.ofNanos(cpuNanosOf("shmipc-event-loop") - before)).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void aThreadThatWaitsInVainTakesNoProcessorTime() {
        duo = Duo.of(Variant.USUAL).open();
        Duo.Link link = duo.link();
        Thread reader = new Thread(() -> link.client().bufferReader().readByte(), "idle-reader");
        reader.setUncaughtExceptionHandler((thread, end) -> {});
        reader.start();
        await().pollDelay(Duration.ofMillis(20)).until(() -> true);
        long before = cpuNanosOf("idle-reader") + cpuNanosOf("shmipc-event-loop");
        letTimePass();
        long used = cpuNanosOf("idle-reader") + cpuNanosOf("shmipc-event-loop") - before;
        assertThat(Duration.ofNanos(used)).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void virtualThreadsThatWaitInVainTakeNoProcessorTime() throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() >= 21);
        duo = Duo.of(Variant.USUAL).open();
        for (int i = 0; i < 3; i++) {
            Duo.Link link = duo.link();
            Runnable read = () -> {
                try {
                    link.client().bufferReader().readByte();
                } catch (StreamClosedException | SessionClosedException e) {
                    // The test is over.
                }
            };
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, read);
        }
        await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        long before = cpuNanosOf("shmipc-event-loop");
        long syncs = duo.clientSession().metrics().performance().receiveSyncEventCount();
        letTimePass();
        assertThat(Duration.ofNanos(cpuNanosOf("shmipc-event-loop") - before)).isLessThan(Duration.ofMillis(100));
        assertThat(duo.clientSession().metrics().performance().receiveSyncEventCount())
                .isEqualTo(syncs);
    }
}
