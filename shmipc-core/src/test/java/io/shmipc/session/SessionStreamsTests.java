package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closes on the queue wait for bytes in the socket, but neither for ever nor in any number. */
@Timeout(60)
class SessionStreamsTests {

    private final Duo duo = Duo.of(Variant.USUAL).open();

    @AfterEach
    void close() {
        duo.close();
    }

    @Test
    void aStreamThatIsClosedManyTimesIsRememberedOnce() {
        ShmipcStream stream = (ShmipcStream) duo.link().server();
        asConsumer(stream, streams -> {
            for (int i = 0; i < 10_000; i++) {
                streams.closedOnQueue(stream);
            }
            assertThat(streams.closing()).isEqualTo(1);
            streams.endClosed();
            assertThat(stream.isAbandoned()).isTrue();
        });
    }

    /** Does what only the holder of the consumer role does. */
    private static void asConsumer(ShmipcStream stream, Consumer<SessionStreams> work) {
        ShmipcSession session = (ShmipcSession) stream.session();
        await().until(session.consumer()::retire);
        try {
            work.accept(session.streams());
        } finally {
            session.consumer().leaveAsleep();
        }
    }

    @Test
    void aSocketThatIsNeverEmptyKeepsNoCloseWaitingForEver() {
        ShmipcStream stream = (ShmipcStream) duo.link().server();
        asConsumer(stream, streams -> {
            streams.closedOnQueue(stream);
            for (int i = 1; i < SessionStreams.READS_BEFORE_END; i++) {
                streams.afterRead();
            }
            assertThat(stream.remoteEnded()).isFalse();
            streams.afterRead();
            assertThat(stream.remoteEnded()).isTrue();
            assertThat(streams.closing()).isZero();
        });
    }

    @Test
    void closesOfStreamsThatThisSideClosedAsWellAreNotCollected() {
        List<ShmipcStream> opened = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            opened.add((ShmipcStream) duo.clientSession().openStream());
        }
        asConsumer(opened.get(0), streams -> {
            for (ShmipcStream stream : opened) {
                streams.closedOnQueue(stream);
                stream.close();
            }
            assertThat(streams.closing()).isBetween(1, 1_100);
            streams.endClosed();
            assertThat(opened).allMatch(ShmipcStream::isAbandoned);
        });
    }
}
