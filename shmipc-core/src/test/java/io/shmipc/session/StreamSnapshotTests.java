package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.StreamSnapshot;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a session tells of its single streams. */
class StreamSnapshotTests extends OverEveryVariant {

    private static StreamSnapshot of(Stream stream) {
        return stream.session().activeStreams().stream()
                .filter(snapshot -> snapshot.id() == stream.id())
                .findFirst()
                .orElseThrow();
    }

    private static void awaitUnread(Stream stream, long bytes) {
        await().untilAsserted(() -> assertThat(of(stream).unreadBytes()).isEqualTo(bytes));
    }

    @Test
    void streamsAreListedByIdFromWhenTheyAreOpenedUntilThisSideClosesThem() {
        Duo duo = open();
        Session client = duo.clientSession();
        assertThat(client.activeStreams()).isEmpty();
        Stream[] streams = new Stream[40];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = client.openStream();
        }
        assertThat(client.activeStreams())
                .hasSize(streams.length)
                .isSortedAccordingTo((one, other) -> Long.compare(one.id(), other.id()))
                .contains(new StreamSnapshot(streams[7].id(), 0, false, false, false, false, false));

        streams[7].close();
        assertThat(client.activeStreams())
                .hasSize(streams.length - 1)
                .extracting(StreamSnapshot::id)
                .doesNotContain(streams[7].id());

        client.close();
        assertThat(client.activeStreams()).isEmpty();
        for (Stream stream : streams) {
            stream.close();
        }
    }

    @Test
    void whatNobodyHasReadIsCountedWhetherTheReaderHasTakenItOverOrNot() {
        Duo duo = open();
        Duo.Link link = duo.link();
        for (int i = 0; i < 3; i++) {
            Payload.send(link.client(), Payload.of(20_000, i));
        }
        awaitUnread(link.server(), 60_000);

        link.server().bufferReader().discard(500);
        Payload.send(link.client(), Payload.of(40, 3));
        awaitUnread(link.server(), 59_540);

        Payload.receive(link.server(), 59_540);
        assertThat(of(link.server()).unreadBytes()).isZero();
        assertThat(of(link.client()).unreadBytes()).isZero();
    }

    @Test
    void bothSidesSeeWhichOfThemHasEndedItsOutput() {
        Duo duo = open();
        Duo.Link link = duo.link();
        Payload.send(link.client(), Payload.of(10, 1));
        link.client().flush(true);

        assertThat(of(link.client()).outputEnded()).isTrue();
        assertThat(of(link.client()).inputEnded()).isFalse();
        await().until(() -> of(link.server()).inputEnded());
        assertThat(of(link.server()))
                .isEqualTo(new StreamSnapshot(link.server().id(), 10, true, false, false, false, false));
    }

    @Test
    void aStreamThatThePeerHasClosedIsListedUntilThisSideClosesItToo() {
        Duo duo = open();
        Duo.Link link = duo.link();
        link.client().close();

        await().until(() -> of(link.server()).peerClosed());
        assertThat(of(link.server()).inputEnded()).isTrue();
        link.server().close();
        assertThat(link.server().session().activeStreams()).isEmpty();
    }

    @Test
    void aStreamThatFellBackSaysSoAtBothEndsAndItsUnreadBytesCount() {
        Duo duo = open();
        Duo.Link link = duo.link();
        assertThat(of(link.client()).fallback()).isFalse();

        Payload.send(link.client(), Payload.of(3 << 20, 1));

        awaitUnread(link.server(), 3 << 20);
        assertThat(of(link.server()).fallback()).isTrue();
        assertThat(of(link.client()).fallback()).isTrue();
    }

    @Test
    void aStreamThatWaitsInThePoolSaysSoUntilItsNextUserHasIt() {
        Duo duo = open();
        Stream stream = duo.stream();
        assertThat(of(stream).pooled()).isFalse();

        duo.manager().putBack(stream);
        assertThat(of(stream).pooled()).isTrue();

        assertThat(duo.stream()).isSameAs(stream);
        assertThat(of(stream).pooled()).isFalse();
    }

    @Test
    void streamsWithTrafficCanBeLookedAt() throws Exception {
        Duo duo = open(Duo.of(variant).echo());
        Stream stream = duo.stream();
        Session server = duo.serverSession();
        Future<?> traffic = async(() -> {
            for (int i = 0; i < 500; i++) {
                Payload.roundTrip(stream, Payload.of(5000, i));
            }
            return true;
        });
        while (!traffic.isDone()) {
            assertThat(of(stream).unreadBytes()).isNotNegative();
            assertThat(server.activeStreams()).hasSizeLessThanOrEqualTo(1);
        }
        traffic.get();
        awaitUnread(stream, 0);
        await().untilAsserted(() -> assertThat(server.activeStreams())
                .singleElement()
                .extracting(StreamSnapshot::unreadBytes)
                .isEqualTo(0L));
    }
}
