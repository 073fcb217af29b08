package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.ShmipcAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closes on the queue wait for bytes of the connection, but neither for ever nor in any number. */
@Timeout(60)
class QueueClosesTests {

    private static final ShmipcAddress UNIX = ShmipcAddress.unix(Path.of("/tmp/peer"));
    private static final ShmipcAddress TCP = ShmipcAddress.tcp("127.0.0.1", 1);

    private final Duo duo = Duo.of(Variant.USUAL).open();
    private final ShmipcStream stream = (ShmipcStream) duo.link().server();
    private final QueueConsumer consumer = ((ShmipcSession) stream.session()).consumer();

    /** Begins anywhere, close to its greatest value for instance. */
    private long nanos = Long.MAX_VALUE - 3;

    /** Streams end by whoever has the consumer role. */
    @BeforeEach
    void takeTheRole() {
        await().until(consumer::retire);
    }

    @AfterEach
    void giveItBack() {
        consumer.leaveAsleep();
        duo.close();
    }

    private QueueCloses closes(ShmipcAddress peer) {
        return new QueueCloses(peer, () -> nanos);
    }

    @Test
    void aStreamThatIsClosedManyTimesIsRememberedOnce() {
        QueueCloses closes = closes(UNIX);
        for (int i = 0; i < 10_000; i++) {
            closes.add(stream);
        }
        assertThat(closes.size()).isEqualTo(1);
        closes.endAll();
        assertThat(stream.isAbandoned()).isTrue();
        assertThat(closes.isEmpty()).isTrue();
    }

    @Test
    void aSocketThatIsNeverEmptyKeepsNoCloseWaitingForEver() {
        QueueCloses closes = closes(UNIX);
        closes.add(stream);
        for (int i = 1; i < QueueCloses.READS_BEFORE_END; i++) {
            closes.socketRead();
        }
        assertThat(stream.remoteEnded()).isFalse();
        closes.socketRead();
        assertThat(stream.remoteEnded()).isTrue();
        assertThat(closes.isEmpty()).isTrue();
    }

    @Test
    void closesOfStreamsThatThisSideClosedAsWellAreNotCollected() {
        QueueCloses closes = closes(UNIX);
        List<ShmipcStream> opened = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            opened.add((ShmipcStream) duo.clientSession().openStream());
        }
        for (ShmipcStream each : opened) {
            closes.add(each);
            each.close();
        }
        assertThat(closes.size()).isBetween(1, 1_100);
        closes.endAll();
        assertThat(opened).allMatch(ShmipcStream::isAbandoned);
    }

    @Test
    void anEmptyUnixSocketEndsAStreamEvenRightAfterFallbackData() {
        QueueCloses closes = closes(UNIX);
        closes.fallbackArrived();
        closes.add(stream);
        assertThat(closes.areDue()).isTrue();
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isTrue();
    }

    @Test
    void anEmptyTcpSocketEndsAStreamIfNothingFellBack() {
        QueueCloses closes = closes(TCP);
        closes.add(stream);
        assertThat(closes.leftNanos()).isZero();
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isTrue();
    }

    @Test
    void overTcpAStreamEndsOnceNoFallbackDataHasComeForAWhile() {
        QueueCloses closes = closes(TCP);
        long whileNanos = QueueCloses.UNDER_WAY.toNanos();
        closes.fallbackArrived();
        closes.add(stream);
        nanos += whileNanos - 1;
        assertThat(closes.leftNanos()).isEqualTo(1);
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isFalse();
        closes.fallbackArrived();
        nanos += whileNanos - 1;
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isFalse();
        nanos += 1;
        assertThat(closes.areDue()).isTrue();
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isTrue();
    }

    @Test
    void nobodyHasToLookWhileThereAreNoCloses() {
        QueueCloses closes = closes(TCP);
        closes.fallbackArrived();
        assertThat(closes.areDue()).isFalse();
        assertThat(closes.leftNanos()).isEqualTo(Long.MAX_VALUE);
    }
}
