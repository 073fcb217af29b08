package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BackPressureException;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcException;
import io.shmipc.Stream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many streams a session bears, and what is left of them. */
@Timeout(60)
class ManyStreamsTests {

    private Duo duo;

    @AfterEach
    void close() {
        if (duo != null) {
            duo.close();
        }
    }

    private static long bytesInUse(Session session) {
        return session.metrics().shareMemory().allInUsedShareMemoryInBytes();
    }

    @Test
    void thousandsOfStreamsLeaveNoSliceBehind() {
        duo = Duo.of(Variant.USUAL).region(1 << 20, 1004).open();
        for (int i = 0; i < 3000; i++) {
            Duo.Link link = duo.link();
            Payload.send(link.server(), Payload.of(2000, i));
            link.client().bufferReader().readBytes(10);
            link.client().bufferWriter().writeInt(i);
            if (i % 2 == 0) {
                Payload.send(link.client(), Payload.of(2000, i));
            }
            link.client().close();
            link.server().close();
        }
        await().untilAsserted(() -> assertThat(bytesInUse(duo.clientSession())).isZero());
        assertThat(duo.clientSession().metrics().stability().fallbackWriteCount())
                .isZero();
        assertThat(duo.clientSession().activeStreamCount()).isZero();
    }

    @Test
    void slicesGoBackWhicheverThreadCloses() throws Exception {
        duo = Duo.of(Variant.USUAL).region(1 << 20, 1004).open();
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Duo.Link link = duo.link();
            Payload.send(link.server(), Payload.of(500, i));
            link.client().bufferReader().peek(400);
            link.client().bufferWriter().writeInt(i);
            streams.add(link.client());
            streams.add(link.server());
        }
        Thread closer = new Thread(() -> streams.forEach(Stream::close));
        closer.start();
        closer.join();
        await().untilAsserted(() -> assertThat(bytesInUse(duo.clientSession())).isZero());
    }

    @Test
    void dataForAClosedStreamIsRecycledAndOpensNoGhost() {
        duo = Duo.of(Variant.USUAL).open();
        Duo.Link link = duo.link();
        Session server = link.server().session();
        for (int i = 0; i < 50; i++) {
            link.client().bufferWriter().writeInt(i);
            link.client().flush();
            if (i == 10) {
                link.server().close();
                break;
            }
        }
        for (int i = 0; i < 50; i++) {
            try {
                Payload.send(link.client(), new byte[100]);
            } catch (ShmipcException e) {
                assertThat(e.reason()).isEqualTo(Reason.STREAM_CLOSED);
            }
        }
        await().untilAsserted(() -> assertThat(bytesInUse(duo.clientSession())).isZero());
        assertThat(server.activeStreamCount()).isZero();
        assertThat(duo.unaccepted()).isZero();
    }

    @Test
    void aStreamThatIsClosedDuringItsFirstFlushLeavesNoGhost() throws Exception {
        // What a stream holds that another thread closes comes back after a while: there is room for all of them.
        duo = Duo.of(Variant.USUAL).region(4 << 20, 1004).echo().open();
        Payload.roundTrip(duo.stream(), new byte[1]);
        for (int i = 0; i < 500; i++) {
            Stream stream = duo.stream();
            stream.bufferWriter().writeInt(i);
            Thread closer = new Thread(stream::close);
            closer.start();
            try {
                stream.flush();
            } catch (ShmipcException e) {
                assertThat(e.reason()).isEqualTo(Reason.STREAM_CLOSED);
            }
            closer.join();
        }
        Session server = duo.serverSession();
        await().untilAsserted(() -> assertThat(server.activeStreamCount()).isEqualTo(1));
        await().untilAsserted(() -> assertThat(bytesInUse(duo.clientSession())).isLessThanOrEqualTo(1004));
    }

    @Test
    void streamsWhoseExecutorTakesNoTasksGiveTheirMemoryBack() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        duo = Duo.of(Variant.USUAL)
                .server(config -> config.callbackExecutor(executor))
                .echo()
                .open();
        Payload.roundTrip(duo.stream(), new byte[1]);
        executor.shutdown();
        for (int i = 0; i < 5; i++) {
            Stream stream = duo.stream();
            Payload.send(stream, new byte[100]);
            OverEveryVariant.assertRefused(
                    Reason.END_OF_STREAM, () -> stream.bufferReader().readByte());
            stream.close();
        }
        await().untilAsserted(() -> assertThat(bytesInUse(duo.clientSession())).isLessThanOrEqualTo(8172));
    }

    @Test
    void streamsBeyondTheLimitAreClosedAndTheOthersGoOn() {
        duo = Duo.of(Variant.USUAL)
                .listener(listener -> listener.maxStreamsPerSession(5))
                .open();
        List<Duo.Link> links = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            links.add(duo.link());
        }
        for (int i = 0; i < 3; i++) {
            Stream refused = duo.stream();
            Payload.send(refused, new byte[1]);
            refused.setReadDeadline(Instant.now().plusSeconds(20));
            OverEveryVariant.assertRefused(
                    Reason.END_OF_STREAM, () -> refused.bufferReader().readByte());
            refused.close();
        }
        for (Duo.Link link : links) {
            Payload.send(link.client(), new byte[] {3});
            assertThat(link.server().bufferReader().readByte()).isEqualTo((byte) 3);
        }
        links.get(0).client().close();
        links.get(0).server().close();
        duo.link();
    }

    @Test
    void tenThousandStreamsOfOneSessionAllWork() {
        duo = Duo.of(Variant.USUAL).region(16 << 20, 108).echo().open();
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            streams.add(duo.stream());
        }
        Collections.shuffle(streams, new Random(1));
        streams.forEach(stream -> Payload.send(stream, Payload.of(8, (int) stream.id())));
        Collections.shuffle(streams, new Random(2));
        streams.forEach(stream -> assertThat(Payload.receive(stream, 8)).isEqualTo(Payload.of(8, (int) stream.id())));
        streams.forEach(Stream::close);
        await().untilAsserted(() -> assertThat(bytesInUse(duo.clientSession())).isZero());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 12_000})
    void streamsMaySpeakInAnotherOrderThanTheyWereOpened(int count) {
        duo = Duo.of(Variant.USUAL).region(16 << 20, 108).echo().open();
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            streams.add(duo.stream());
        }
        for (int i = 1; i < count; i += 2) {
            Payload.roundTrip(streams.get(i), new byte[] {1});
        }
        for (int i = 0; i < count; i += 200) {
            streams.get(i).setReadDeadline(Instant.now().plusSeconds(20));
            Payload.roundTrip(streams.get(i), new byte[] {2});
        }
    }

    @Test
    void theLastIdsWorkAndThenStreamsAreExhausted() {
        duo = Duo.of(Variant.USUAL).echo().open();
        Session session = duo.clientSession();
        ((ShmipcSession) session).streams().nextStreamId.set(0xffff_fffeL);
        Stream last = session.openStream();
        Stream veryLast = session.openStream();
        assertThat(veryLast.id()).isEqualTo(0xffff_ffffL);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(session::openStream)
                    .isInstanceOf(BackPressureException.class)
                    .hasFieldOrPropertyWithValue("reason", Reason.STREAMS_EXHAUSTED);
        }
        Payload.roundTrip(last, Payload.of(100, 1));
        Payload.roundTrip(veryLast, Payload.of(100, 2));
        last.close();
        veryLast.close();
    }
}
