package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Streams whose user is called. */
class CallbackStreamTests extends OverEveryVariant {

    /** Notes what it is told, and does what the test says with data. */
    private static class Recorder implements StreamCallbacks {
        final List<String> ends = new CopyOnWriteArrayList<>();
        final BlockingQueue<Object> results = new LinkedBlockingQueue<>();
        private final Consumer<BufferReader> onData;

        Recorder(Consumer<BufferReader> onData) {
            this.onData = onData;
        }

        static Recorder ofInts() {
            Recorder[] self = new Recorder[1];
            self[0] = new Recorder(reader -> {
                while (reader.length() >= Integer.BYTES) {
                    self[0].results.add(reader.readInt());
                }
            });
            return self[0];
        }

        @Override
        public void onData(BufferReader reader) {
            onData.accept(reader);
        }

        @Override
        public void onLocalClose() {
            ends.add("local");
        }

        @Override
        public void onRemoteClose() {
            ends.add("remote");
        }

        Object next() throws InterruptedException {
            Object result = results.poll(20, TimeUnit.SECONDS);
            assertThat(result).as("called in time").isNotNull();
            return result;
        }
    }

    private static void sendInt(Stream stream, int value) {
        stream.bufferWriter().writeInt(value);
        stream.flush();
    }

    @Test
    void repliesReachTheCallbacksInOrder() throws Exception {
        Duo duo = open(Duo.of(variant).region(1 << 20, 108).echo());
        Stream stream = duo.stream();
        Recorder recorder = Recorder.ofInts();
        stream.setCallbacks(recorder);
        for (int i = 0; i < 300; i++) {
            sendInt(stream, i);
        }
        for (int i = 0; i < 300; i++) {
            assertThat(recorder.next()).isEqualTo(i);
        }
        stream.close();
        await().untilAsserted(() -> assertThat(recorder.ends).containsExactly("local"));
        awaitNothingInUse(duo.clientSession());
    }

    @Test
    void aCallbackThatHoldsGoesOnWhereItWasAndHearsOfTheEndAfterwards() throws Exception {
        Duo.Link link = open().link();
        BlockingQueue<ByteBuffer> held = new LinkedBlockingQueue<>();
        List<Integer> seen = new CopyOnWriteArrayList<>();
        Recorder recorder = new Recorder(reader -> {
            if (held.isEmpty()) {
                held.add(reader.readBytes(Integer.BYTES));
                link.server().holdCallbacks();
                return;
            }
            seen.add(held.element().getInt(0));
            while (reader.length() > 0) {
                seen.add(reader.readInt());
            }
        });
        sendInt(link.client(), 1);
        link.server().setCallbacks(recorder);
        await().until(() -> !held.isEmpty());
        sendInt(link.client(), 2);
        link.client().close();
        await().until(() -> !link.server().isOpen());
        assertThat(seen).isEmpty();
        assertThat(recorder.ends).isEmpty();

        assertThat(link.server().resumeCallbacks()).isTrue();

        await().untilAsserted(() -> assertThat(recorder.ends).containsExactly("remote"));
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    void aCallbackMayBeResumedBeforeItHasReturned() throws Exception {
        Duo.Link link = open().link();
        BlockingQueue<Integer> calls = new LinkedBlockingQueue<>();
        link.server().setCallbacks(new Recorder(reader -> {
            int unread = reader.length();
            calls.add(unread);
            // Not the length at this moment: the next message may have come since.
            if (unread > 0 && reader.readInt() > 0) {
                assertThat(link.server().resumeCallbacks()).isTrue();
                link.server().holdCallbacks();
            }
        }));
        for (int i = 1; i <= 3; i++) {
            sendInt(link.client(), i);
            assertThat(calls.poll(20, TimeUnit.SECONDS)).isEqualTo(Integer.BYTES);
            assertThat(calls.poll(20, TimeUnit.SECONDS)).isEqualTo(0);
        }
    }

    @Test
    void aHeldCallbackHearsThatItsStreamWasClosedHere() throws Exception {
        Duo duo = open();
        Duo.Link link = duo.link();
        CountDownLatch called = new CountDownLatch(1);
        Recorder recorder = new Recorder(reader -> {
            link.server().holdCallbacks();
            called.countDown();
        });
        link.server().setCallbacks(recorder);
        sendInt(link.client(), 1);
        assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();

        link.server().close();

        await().untilAsserted(() -> assertThat(recorder.ends).containsExactly("local"));
        assertThat(link.server().resumeCallbacks()).isTrue();
        link.client().close();
        awaitNothingInUse(duo.clientSession());
        assertThat(recorder.ends).containsExactly("local");
    }

    @Test
    void callbacksAreSetOnce() {
        Stream stream = open().stream();
        stream.setCallbacks(Recorder.ofInts());
        assertRefused(Reason.STREAM_CALLBACKS_EXIST, () -> stream.setCallbacks(Recorder.ofInts()));
    }

    @Test
    void whatArrivedBeforeTheCallbacksIsOfferedToThem() throws Exception {
        Duo.Link link = open().link();
        sendInt(link.client(), 1);
        await().until(() -> link.server().bufferReader().length() == Integer.BYTES);
        Recorder recorder = Recorder.ofInts();
        link.server().setCallbacks(recorder);
        assertThat(recorder.next()).isEqualTo(1);
        sendInt(link.client(), 2);
        assertThat(recorder.next()).isEqualTo(2);
    }

    @Test
    void aCallbackThatFailsClosesItsOwnStreamOnly() throws Exception {
        Recorder failing =
                new Recorder(reader -> {
                    throw new IllegalStateException("on purpose");
                }) {
                    @Override
                    public void onLocalClose() {
                        super.onLocalClose();
                        throw new IllegalStateException("on purpose, again");
                    }
                };
        Duo duo = open();
        Duo.Link bad = duo.link();
        Duo.Link good = duo.link();
        Recorder recorder = Recorder.ofInts();
        bad.server().setCallbacks(failing);
        good.server().setCallbacks(recorder);
        sendInt(bad.client(), 1);
        assertRefused(Reason.END_OF_STREAM, () -> bad.client().bufferReader().readByte());
        sendInt(good.client(), 2);
        assertThat(recorder.next()).isEqualTo(2);
        await().untilAsserted(() -> assertThat(failing.ends).containsExactly("local"));
        assertThat(duo.clientSession().isClosed()).isFalse();
    }

    /** As languages do that know no checked exceptions. */
    @SuppressWarnings("unchecked")
    private static <E extends Exception> void throwAnything(Exception e) throws E {
        throw (E) e;
    }

    @Test
    void aCallbackThatThrowsACheckedExceptionClosesItsStreamLikeAnyOther() throws Exception {
        Duo duo = open();
        Duo.Link bad = duo.link();
        Recorder failing = new Recorder(
                reader -> CallbackStreamTests.<RuntimeException>throwAnything(new IOException("on purpose")));
        bad.server().setCallbacks(failing);
        sendInt(bad.client(), 1);
        assertRefused(Reason.END_OF_STREAM, () -> bad.client().bufferReader().readByte());
        await().untilAsserted(() -> assertThat(failing.ends).containsExactly("local"));
        assertThat(duo.clientSession().isClosed()).isFalse();
    }

    @Test
    void aCallbackThatTakesOneMessageAtATimeIsCalledUntilNoneIsLeft() throws Exception {
        Duo.Link link = open().link();
        BlockingQueue<Integer> taken = new LinkedBlockingQueue<>();
        CountDownLatch bothSent = new CountDownLatch(1);
        CountDownLatch firstCall = new CountDownLatch(1);
        link.server().setCallbacks(new Recorder(reader -> {
            if (firstCall.getCount() > 0 && !variant.inline()) {
                firstCall.countDown();
                awaitLatch(bothSent);
                await().until(() -> reader.length() == 2 * Integer.BYTES);
            }
            if (reader.length() >= Integer.BYTES) {
                taken.add(reader.readInt());
            }
        }));
        sendInt(link.client(), 1);
        if (!variant.inline()) {
            awaitLatch(firstCall);
        }
        sendInt(link.client(), 2);
        bothSent.countDown();
        assertThat(taken.poll(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(taken.poll(20, TimeUnit.SECONDS)).isEqualTo(2);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aCallbackThatLeavesDataIsCalledAgainWhenMoreArrives() throws Exception {
        Duo.Link link = open().link();
        Recorder[] recorder = new Recorder[1];
        recorder[0] = new Recorder(reader -> {
            int length = reader.length();
            recorder[0].results.add(-length);
            if (length >= Long.BYTES) {
                recorder[0].results.add(reader.readLong());
            }
        });
        link.server().setCallbacks(recorder[0]);
        sendInt(link.client(), 0);
        assertThat(recorder[0].next()).isEqualTo(-4);
        sendInt(link.client(), 5);
        assertThat(recorder[0].next()).isEqualTo(-8);
        assertThat(recorder[0].next()).isEqualTo(5L);
    }

    @Test
    void aCallbackMayWaitForTheRestOfItsMessage() throws Exception {
        Duo duo = open(Duo.of(variant)
                .onStream(stream -> stream.setCallbacks(new Recorder(reader -> {
                    stream.bufferWriter().writeLong(reader.readLong());
                    stream.flush();
                }))));
        Stream stream = duo.stream();
        for (int i = 0; i < 50; i++) {
            sendInt(stream, 0);
            sendInt(stream, i);
            assertThat(stream.bufferReader().readLong()).isEqualTo(i);
            stream.bufferReader().releasePreviousRead();
        }
    }

    @Test
    void aCallbackThatWaitsForMoreIsToldOfTheEnd() {
        BlockingQueue<Reason> reasons = new LinkedBlockingQueue<>();
        Duo duo = open(Duo.of(variant)
                .onStream(stream -> stream.setCallbacks(new Recorder(reader -> {
                    try {
                        reader.readLong();
                    } catch (StreamClosedException e) {
                        reasons.add(e.reason());
                        reader.discard(reader.length());
                    }
                }))));
        Stream stream = duo.stream();
        sendInt(stream, 1);
        stream.close();
        await().untilAsserted(() -> assertThat(reasons).containsExactly(Reason.END_OF_STREAM));
    }

    @Test
    void aCallbackMayWaitForTheEndOfAnotherStreamThatTheSameDrainHasSeen() throws Exception {
        Duo duo = open();
        Duo.Link gate = duo.link();
        Duo.Link ended = duo.link();
        Duo.Link waiting = duo.link();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        gate.server().setCallbacks(new Recorder(reader -> {
            entered.countDown();
            awaitLatch(release);
        }));
        BlockingQueue<Reason> reasons = new LinkedBlockingQueue<>();
        waiting.server().setCallbacks(new Recorder(reader -> {
            try {
                ended.server().bufferReader().readByte();
            } catch (StreamClosedException e) {
                reasons.add(e.reason());
            }
        }));
        sendInt(gate.client(), 1);
        awaitLatch(entered);
        ended.client().close();
        sendInt(waiting.client(), 1);
        release.countDown();
        assertThat(reasons.poll(20, TimeUnit.SECONDS)).isEqualTo(Reason.END_OF_STREAM);
    }

    @Test
    void closingWakesACallbackThatWaitsForMore() throws Exception {
        Duo duo = open();
        Duration best = Duration.ofSeconds(1);
        for (int round = 0; round < 5; round++) {
            best = Collections.min(List.of(best, closeWhileACallbackWaits(duo.link())));
        }
        assertThat(best).as("shorter than a sleeper takes that nobody wakes").isLessThan(Duration.ofMillis(300));
    }

    private static Duration closeWhileACallbackWaits(Duo.Link link) throws InterruptedException {
        BlockingQueue<Reason> reasons = new LinkedBlockingQueue<>();
        CountDownLatch called = new CountDownLatch(1);
        link.client().setCallbacks(new Recorder(reader -> {
            called.countDown();
            try {
                reader.readLong();
            } catch (StreamClosedException e) {
                reasons.add(e.reason());
            }
        }));
        sendInt(link.server(), 1);
        awaitLatch(called);
        long closedNanos = System.nanoTime();
        link.client().close();
        assertThat(reasons.poll(20, TimeUnit.SECONDS)).isEqualTo(Reason.STREAM_CLOSED);
        return Duration.ofNanos(System.nanoTime() - closedNanos);
    }

    @Test
    void closingInsideACallbackTellsThePeer() {
        Duo.Link link = open().link();
        Recorder recorder = new Recorder(reader -> link.server().close());
        link.server().setCallbacks(recorder);
        sendInt(link.client(), 1);
        assertRefused(Reason.END_OF_STREAM, () -> link.client().bufferReader().readByte());
        link.server().close();
        await().untilAsserted(() -> assertThat(recorder.ends).containsExactly("local"));
        awaitNothingInUse(link.client().session());
    }

    @Test
    void theRemoteCloseComesOnceAndAfterAllData() throws Exception {
        Duo duo = open();
        for (int round = 0; round < 20; round++) {
            Duo.Link link = duo.link();
            Recorder recorder = Recorder.ofInts();
            link.server().setCallbacks(recorder);
            for (int i = 0; i < 50; i++) {
                sendInt(link.client(), i);
            }
            link.client().close();
            await().until(() -> !recorder.ends.isEmpty());
            assertThat(recorder.results).hasSize(50);
            assertThat(recorder.ends).containsExactly("remote");
        }
        awaitNothingInUse(duo.clientSession());
        Session session = duo.serverSession();
        await().until(() -> session.activeStreamCount() == 0);
    }

    @Test
    void aCallbackIsActiveFromWhenItsExecutorHasItUntilItHasReturned() throws Exception {
        BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        AtomicBoolean holding = new AtomicBoolean();
        Duo duo = open(Duo.of(variant)
                .server(config -> config.callbackExecutor(task -> {
                    if (holding.get()) {
                        tasks.add(task);
                    } else {
                        task.run();
                    }
                })));
        Duo.Link link = duo.link();
        Session session = link.server().session();
        List<Integer> during = new CopyOnWriteArrayList<>();
        link.server().setCallbacks(new Recorder(reader -> {
            reader.discard(reader.length());
            during.add(session.activeCallbackCount());
        }));
        await().until(() -> session.activeCallbackCount() == 0);

        holding.set(true);
        sendInt(link.client(), 1);
        Runnable callback = Objects.requireNonNull(tasks.poll(20, TimeUnit.SECONDS));
        assertThat(session.activeCallbackCount()).isEqualTo(1);

        callback.run();
        assertThat(during).contains(1).doesNotContain(0);
        assertThat(session.activeCallbackCount()).isZero();
    }

    @Test
    void theEndOfTheSessionIsARemoteClose() {
        Duo.Link link = open().link();
        Recorder recorder = Recorder.ofInts();
        link.server().setCallbacks(recorder);
        link.client().session().close();
        await().untilAsserted(() -> assertThat(recorder.ends).containsExactly("remote"));
    }

    @Test
    void aStreamThatThePeerHalfClosedAndThenClosedIsGone() {
        Duo duo = open();
        Duo.Link link = duo.link();
        Recorder recorder = Recorder.ofInts();
        link.server().setCallbacks(recorder);
        link.client().flush(true);
        await().untilAsserted(() -> assertThat(recorder.ends).containsExactly("remote"));
        sendInt(link.server(), 1);
        assertThat(link.client().bufferReader().readInt()).isEqualTo(1);
        link.client().close();
        Session session = duo.serverSession();
        await().until(() -> session.activeStreamCount() == 0);
    }

    @Test
    void callbacksAreToldOfDataAndOfTheFirstEnd() {
        Duo duo = open();
        List<String> told = new CopyOnWriteArrayList<>();
        StreamCallbacks callbacks = new StreamCallbacks() {
            @Override
            public void onData(BufferReader reader) {
                told.add(reader.readString(reader.length()));
            }

            @Override
            public void onLocalClose() {
                told.add("closed here");
            }

            @Override
            public void onRemoteClose() {
                told.add("closed there");
            }
        };
        Duo.Link first = duo.link();
        first.server().setCallbacks(callbacks);
        Payload.send(first.client(), new byte[] {'d'});
        await().untilAsserted(() -> assertThat(told).containsExactly("d"));
        first.client().close();
        await().untilAsserted(() -> assertThat(told).containsExactly("d", "closed there"));
        first.server().close();

        Duo.Link second = duo.link();
        second.server().setCallbacks(callbacks);
        second.server().close();
        await().untilAsserted(() -> assertThat(told).containsExactly("d", "closed there", "closed here"));
    }
}
