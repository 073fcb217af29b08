package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
        SessionStreams streams = ((ShmipcSession) stream.session()).streams();
        for (int i = 0; i < 10_000; i++) {
            streams.closedOnQueue(stream);
        }
        assertThat(streams.closing()).isEqualTo(1);
        streams.endClosed();
        assertThat(stream.isAbandoned()).isTrue();
    }

    @Test
    void aSocketThatIsNeverEmptyKeepsNoCloseWaitingForEver() {
        ShmipcStream stream = (ShmipcStream) duo.link().server();
        SessionStreams streams = ((ShmipcSession) stream.session()).streams();
        streams.closedOnQueue(stream);
        for (int i = 1; i < SessionStreams.READS_BEFORE_END; i++) {
            streams.afterRead();
        }
        assertThat(stream.remoteEnded()).isFalse();
        streams.afterRead();
        assertThat(stream.remoteEnded()).isTrue();
        assertThat(streams.closing()).isZero();
    }

    @Test
    void closesOfStreamsThatThisSideClosedAsWellAreNotCollected() {
        List<ShmipcStream> opened = new ArrayList<>();
        SessionStreams streams = null;
        for (int i = 0; i < 3_000; i++) {
            ShmipcStream stream = (ShmipcStream) duo.clientSession().openStream();
            streams = ((ShmipcSession) stream.session()).streams();
            streams.closedOnQueue(stream);
            stream.close();
            opened.add(stream);
        }
        assertThat(streams.closing()).isBetween(1, 1_100);
        streams.endClosed();
        assertThat(opened).allMatch(ShmipcStream::isAbandoned);
    }
}
