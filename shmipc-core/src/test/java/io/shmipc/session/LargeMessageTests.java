package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.SessionMetrics;
import io.shmipc.StabilityMetrics;
import io.shmipc.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A message that no slice or no region could hold goes through the connection, and the session stays healthy. */
@Timeout(60)
class LargeMessageTests {

    private static final int REGION_BYTES = 1 << 20;
    private static final int SLICE_BYTES = 4076;

    private final Duo duo =
            Duo.of(Variant.USUAL).region(REGION_BYTES, SLICE_BYTES).open();
    private final Duo.Link link = duo.link();

    @AfterEach
    void close() {
        duo.close();
    }

    private void assertBothHealthy() {
        assertThat(duo.clientSession().isHealthy()).as("health of the client").isTrue();
        assertThat(link.server().session().isHealthy())
                .as("health of the server")
                .isTrue();
    }

    @Test
    void aSmallReplyToALargeRequestHarmsNobody() {
        byte[] request = Payload.of(40 << 20, 1);
        Payload.send(link.client(), request);
        assertThat(Payload.receive(link.server(), request.length)).isEqualTo(request);
        Payload.send(link.server(), Payload.of(8, 2));
        assertThat(Payload.receive(link.client(), 8)).isEqualTo(Payload.of(8, 2));
        assertBothHealthy();
    }

    @Test
    void aMessageThatTravelsInPartsHarmsNobody() {
        byte[] message = Payload.of(StreamSender.MAX_FALLBACK_BYTES + 100, 3);
        Payload.send(link.client(), message);
        assertThat(Payload.receive(link.server(), message.length)).isEqualTo(message);
        assertThat(link.server().session().metrics().stability().fallbackReadCount())
                .isEqualTo(2);
        assertBothHealthy();
    }

    @Test
    void aReservedSpanThatNoSliceHoldsHarmsNobody() {
        byte[] bytes = Payload.of(2 * SLICE_BYTES, 4);
        link.server().bufferWriter().reserve(bytes.length).put(bytes);
        link.server().flush();
        assertThat(Payload.receive(link.client(), bytes.length)).isEqualTo(bytes);
        SessionMetrics server = link.server().session().metrics();
        assertThat(server.stability().fallbackWriteCount()).isEqualTo(1);
        assertThat(server.stability().allocShmErrorCount()).isZero();
        assertBothHealthy();
    }

    @Test
    void whileALargeMessageWaitsToBeFlushedOthersHaveTheRegion() {
        Stream large = duo.stream();
        large.bufferWriter().writeBytes(new byte[2 * REGION_BYTES]);
        byte[] bytes = Payload.of(REGION_BYTES / 2, 5);
        Payload.send(link.client(), bytes);
        assertThat(Payload.receive(link.server(), bytes.length)).isEqualTo(bytes);
        assertThat(duo.clientSession().metrics().stability().fallbackWriteCount())
                .isZero();
        assertBothHealthy();
    }

    @Test
    void aShortReplyThatWasRefusedMemoryIsTakenForWhatItIsThoughThereIsRoomAgain() {
        Stream hoarder = duo.stream();
        Payload.send(link.client(), Payload.of(8, 6));
        assertThat(Payload.receive(link.server(), 8)).isEqualTo(Payload.of(8, 6));
        StabilityMetrics before = duo.clientSession().metrics().stability();
        while (duo.clientSession().metrics().stability().allocShmErrorCount() == before.allocShmErrorCount()) {
            hoarder.bufferWriter().reserve(SLICE_BYTES);
        }
        link.server().bufferWriter().writeBytes(Payload.of(8, 7));
        hoarder.close();
        await().until(() ->
                duo.clientSession().metrics().shareMemory().allInUsedShareMemoryInBytes() < REGION_BYTES / 2);
        link.server().flush();
        assertThat(Payload.receive(link.client(), 8)).isEqualTo(Payload.of(8, 7));
        assertThat(duo.clientSession().isHealthy()).isFalse();
    }
}
