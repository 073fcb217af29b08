package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closes on the queue wait for bytes of the connection, but neither for ever nor in any number. */
@Timeout(60)
class QueueClosesTests {

    private static final long UNDER_WAY = QueueCloses.UNDER_WAY.toNanos();

    private final Duo duo = Duo.of(Variant.USUAL).open();
    private final ShmipcStream stream = (ShmipcStream) duo.link().server();
    private final ShmipcStream later = (ShmipcStream) duo.link().server();
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

    private QueueCloses overUnix() {
        return new QueueCloses(false, () -> true, () -> nanos);
    }

    private QueueCloses overTcp(boolean memoryShort) {
        return new QueueCloses(true, () -> memoryShort, () -> nanos);
    }

    @Test
    void aStreamThatIsClosedManyTimesIsRememberedOnce() {
        QueueCloses closes = overUnix();
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
        QueueCloses closes = overUnix();
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
    void aCloseThatCameLaterWaitsForItsOwnReads() {
        QueueCloses closes = overUnix();
        closes.add(stream);
        for (int i = 1; i < QueueCloses.READS_BEFORE_END; i++) {
            closes.socketRead();
        }
        closes.add(later);
        closes.socketRead();
        assertThat(stream.remoteEnded()).isTrue();
        assertThat(later.remoteEnded()).isFalse();
        closes.socketEmpty();
        assertThat(later.remoteEnded()).isTrue();
    }

    @Test
    void closesOfStreamsThatThisSideClosedAsWellAreNotCollected() {
        QueueCloses closes = overUnix();
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
        QueueCloses closes = overUnix();
        closes.fallbackArrived();
        closes.add(stream);
        assertThat(closes.areDue()).isTrue();
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isTrue();
    }

    @Test
    void anEmptyTcpSocketEndsAStreamIfNothingFellBackAndThereIsMemory() {
        QueueCloses closes = overTcp(false);
        closes.add(stream);
        assertThat(closes.leftNanos()).isZero();
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isTrue();
    }

    @Test
    void overTcpTheFirstFallbackDataAreWaitedForWhereMemoryIsShort() {
        QueueCloses closes = overTcp(true);
        closes.add(stream);
        nanos += UNDER_WAY - 1;
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isFalse();
        nanos += 1;
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isTrue();
    }

    @Test
    void overTcpAStreamEndsOnceNoFallbackDataHasComeForAWhile() {
        QueueCloses closes = overTcp(false);
        closes.fallbackArrived();
        closes.add(stream);
        nanos += UNDER_WAY - 1;
        assertThat(closes.leftNanos()).isEqualTo(1);
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isFalse();
        closes.fallbackArrived();
        nanos += UNDER_WAY - 1;
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isFalse();
        nanos += 1;
        assertThat(closes.areDue()).isTrue();
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isTrue();
    }

    @Test
    void overTcpAStreamWhoseSessionFellBackLongAgoWaitsForWhatMayBeUnderWayNow() {
        QueueCloses closes = overTcp(false);
        closes.fallbackArrived();
        nanos += 100 * UNDER_WAY;
        closes.add(stream);
        closes.socketEmpty();
        assertThat(stream.remoteEnded()).isFalse();
        assertThat(closes.leftNanos()).isEqualTo(UNDER_WAY);
    }

    @Test
    void fallbackDataOfOtherStreamsKeepNoCloseWaitingForLong() {
        QueueCloses closes = overTcp(false);
        closes.fallbackArrived();
        closes.add(stream);
        long begunNanos = nanos;
        while (!stream.remoteEnded() && nanos - begunNanos < 10 * QueueCloses.LONGEST.toNanos()) {
            nanos += UNDER_WAY / 2;
            closes.fallbackArrived();
            closes.socketRead();
            closes.socketEmpty();
        }
        assertThat(nanos - begunNanos).isEqualTo(QueueCloses.LONGEST.toNanos());
    }

    @Test
    void nobodyHasToLookWhileThereAreNoCloses() {
        QueueCloses closes = overTcp(false);
        closes.fallbackArrived();
        assertThat(closes.areDue()).isFalse();
        assertThat(closes.leftNanos()).isEqualTo(Long.MAX_VALUE);
    }
}
