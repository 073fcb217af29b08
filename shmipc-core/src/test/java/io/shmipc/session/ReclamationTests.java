package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import io.shmipc.WaitStrategies;
import io.shmipc.WaitStrategy;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a stream holds is given back when nobody touches it any more, however long that takes. */
@Timeout(60)
class ReclamationTests {

    private static final int BYTES = 100;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicBoolean standsStill = new AtomicBoolean();
    private Duo duo;

    @AfterEach
    void close() {
        goOn.countDown();
        duo.close();
    }

    /** Stands still in the midst of a read, as a thread does that was stopped or gets no processor. */
    private WaitStrategy standing() {
        return () -> {
            WaitStrategy.Waiting usual = WaitStrategies.PARK.newWaiting();
            return new WaitStrategy.Waiting() {
                @Override
                public void begin(boolean wokePeer) {
                    usual.begin(wokePeer);
                }

                @Override
                public boolean keepLooking() {
                    if (standsStill.get()) {
                        entered.countDown();
                        awaitUninterruptibly();
                    }
                    return usual.keepLooking();
                }

                @Override
                public void found(boolean slept) {
                    usual.found(slept);
                }
            };
        };
    }

    private void awaitUninterruptibly() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long inUseBytes(Session session) {
        return session.metrics().shareMemory().allInUsedShareMemoryInBytes();
    }

    /** A listener hands a stream to a thread that reads, and has not returned from its announcement yet. */
    @Test
    void anAnnouncementThatEndsGivesNoSlicesBackThatAThreadReads() throws Exception {
        BlockingQueue<Stream> announced = new LinkedBlockingQueue<>();
        CountDownLatch mayReturn = new CountDownLatch(1);
        duo = Duo.of(Variant.USUAL)
                .server(config -> config.waitStrategy(standing()))
                .onStream(stream -> {
                    announced.add(stream);
                    try {
                        mayReturn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                })
                .open();
        Stream client = duo.stream();
        Payload.send(client, Payload.of(BYTES, 1));
        Session session = duo.serverSession();
        Stream server = announced.take();
        server.bufferReader().readByte();
        standsStill.set(true);
        CompletableFuture<Void> read = CompletableFuture.runAsync(
                () -> server.bufferReader().readBytes(2 * BYTES), task -> new Thread(task).start());
        entered.await();
        server.close();
        mayReturn.countDown();
        await().during(Duration.ofMillis(600)).until(() -> inUseBytes(session) > 0);
        standsStill.set(false);
        goOn.countDown();
        assertThat(read)
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(StreamClosedException.class);
        await().until(() -> inUseBytes(session) == 0);
    }

    @Test
    void aStreamThatIsAnnouncedAfterItsSessionWasClosedIsClosedAsWell() {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        BlockingQueue<Stream> announced = new LinkedBlockingQueue<>();
        duo = Duo.of(Variant.USUAL)
                .server(config -> config.callbackExecutor(tasks::add))
                .onStream(announced::add)
                .open();
        Payload.send(duo.stream(), Payload.of(BYTES, 1));
        await().until(() -> !tasks.isEmpty());
        duo.listener().sessions().get(0).close();
        assertThat(announced).isEmpty();
        tasks.forEach(Runnable::run);
        assertThat(announced).hasSize(1).allMatch(stream -> ((ShmipcStream) stream).isClosed());
    }

    @Test
    void slicesAreKeptWhileAReadThatAnotherThreadClosedStandsStill() throws Exception {
        duo = Duo.of(Variant.USUAL)
                .client(config -> config.waitStrategy(standing()))
                .open();
        Duo.Link link = duo.link();
        Session session = duo.clientSession();
        Payload.send(link.server(), Payload.of(BYTES, 1));
        link.client().bufferReader().readByte();
        standsStill.set(true);
        CompletableFuture<Void> read = CompletableFuture.runAsync(
                () -> link.client().bufferReader().readBytes(2 * BYTES), task -> new Thread(task).start());
        entered.await();
        link.client().close();
        await().during(Duration.ofMillis(600)).until(() -> inUseBytes(session) > 0);
        standsStill.set(false);
        goOn.countDown();
        assertThat(read)
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(StreamClosedException.class);
        await().until(() -> inUseBytes(session) == 0);
    }
}
