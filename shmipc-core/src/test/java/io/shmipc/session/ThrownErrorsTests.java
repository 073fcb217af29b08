package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import io.shmipc.WaitStrategies;
import io.shmipc.WaitStrategy;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is thrown at whoever drains the queue, the role is free afterwards, and what must end does end. */
@Timeout(60)
class ThrownErrorsTests {

    private final AtomicBoolean broken = new AtomicBoolean();
    private Duo duo;

    @AfterEach
    void close() {
        broken.set(false);
        duo.close();
    }

    private static void awaitEnd(Session session, String reason) throws Exception {
        assertThat(session.closeFuture().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .contains(reason);
    }

    private static void deadline(Stream stream) {
        stream.setReadDeadline(Instant.now().plusSeconds(30));
    }

    @Test
    void anExecutorWithoutThreadsClosesTheStreamAndTheOthersGoOn() throws Exception {
        duo = Duo.of(Variant.USUAL)
                .server(config -> config.callbackExecutor(task -> {
                    if (broken.get()) {
                        throw new OutOfMemoryError("unable to create native thread (thrown by the test)");
                    }
                    new Thread(task).start();
                }))
                .echo()
                .open();
        Stream first = duo.stream();
        Stream second = duo.stream();
        Payload.roundTrip(first, Payload.of(100, 1));
        Payload.roundTrip(second, Payload.of(100, 2));
        Session server = duo.serverSession();
        broken.set(true);
        Payload.send(first, Payload.of(100, 3));
        deadline(first);
        assertThatThrownBy(() -> first.bufferReader().readByte())
                .isInstanceOfSatisfying(
                        StreamClosedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.END_OF_STREAM));
        broken.set(false);
        deadline(second);
        Payload.roundTrip(second, Payload.of(100, 4));
        assertThat(server.isClosed()).isFalse();
        duo.manager().close();
        awaitEnd(server, "peer");
    }

    /** Fails when a wait begins, or goes on. */
    private WaitStrategy failing(boolean atBegin) {
        return () -> {
            WaitStrategy.Waiting usual = WaitStrategies.PARK.newWaiting();
            return new WaitStrategy.Waiting() {
                @Override
                public void begin(boolean wokePeer) {
                    failIf(atBegin);
                    usual.begin(wokePeer);
                }

                @Override
                public boolean keepLooking() {
                    failIf(!atBegin);
                    return usual.keepLooking();
                }

                @Override
                public void found(boolean slept) {
                    usual.found(slept);
                }
            };
        };
    }

    private void failIf(boolean here) {
        if (here && broken.get()) {
            throw new AssertionError("thrown by the test");
        }
    }

    private enum Place {
        BEGIN,
        KEEP_LOOKING
    }

    @ParameterizedTest
    @EnumSource
    void aWaitStrategyThatFailsOnTheEventLoopEndsItsSession(Place place) throws Exception {
        duo = Duo.of(Variant.USUAL)
                .server(config -> config.waitStrategy(failing(place == Place.BEGIN)))
                .echo()
                .open();
        Stream stream = duo.stream();
        Payload.roundTrip(stream, Payload.of(100, 1));
        Session server = duo.serverSession();
        broken.set(true);
        // One that is found on the way to sleep begins no wait.
        await().ignoreExceptions().until(() -> {
            if (!server.isClosed()) {
                Payload.send(stream, Payload.of(100, 2));
            }
            return server.isClosed();
        });
        awaitEnd(server, "thrown by the test");
    }

    @ParameterizedTest
    @EnumSource
    void aWaitStrategyThatFailsForAReaderFailsThatReadAndNoOther(Place place) throws Exception {
        duo = Duo.of(Variant.USUAL)
                .client(config -> config.waitStrategy(failing(place == Place.BEGIN)))
                .echo()
                .open();
        Stream stream = duo.stream();
        Payload.roundTrip(stream, Payload.of(100, 1));
        Session client = duo.clientSession();
        broken.set(true);
        deadline(stream);
        assertThatThrownBy(() -> stream.bufferReader().readByte())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("thrown by the test");
        broken.set(false);
        Payload.roundTrip(stream, Payload.of(100, 2));
        assertThat(client.isClosed()).isFalse();
    }
}
