package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.Reason;
import io.shmipc.SessionMetrics;
import io.shmipc.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What does not fit into shared memory goes through the connection. */
class FallbackTests extends OverEveryVariant {

    private static final int SLICE_BYTES = 4076;

    private Duo.Builder small() {
        return Duo.of(variant).region(1 << 20, SLICE_BYTES);
    }

    /** Takes every slice that the region gives out. */
    static void exhaust(Stream stream) {
        while (stream.session().metrics().stability().allocShmErrorCount() == 0) {
            stream.bufferWriter().reserve(SLICE_BYTES);
        }
    }

    @Test
    void aMessageLargerThanTheRegionArrivesWhole() throws Exception {
        Duo duo = open(small());
        Duo.Link link = duo.link();
        byte[] large = Payload.of(3 << 20, 1);
        Future<?> echo = async(() -> {
            Payload.send(link.server(), Payload.receive(link.server(), large.length));
            return true;
        });
        Payload.roundTrip(link.client(), large);
        echo.get();
        byte[] small = Payload.of(8, 2);
        Payload.send(link.client(), small);
        assertThat(Payload.receive(link.server(), small.length)).isEqualTo(small);
        Payload.send(link.server(), small);
        assertThat(Payload.receive(link.client(), small.length)).isEqualTo(small);
        assertThat(duo.clientSession().isHealthy()).isTrue();
        assertThat(link.server().session().isHealthy()).isTrue();
        link.client().close();
        SessionMetrics metrics = duo.clientSession().metrics();
        assertThat(metrics.stability().fallbackWriteCount()).isGreaterThanOrEqualTo(1);
        assertThat(metrics.stability().fallbackReadCount()).isGreaterThanOrEqualTo(1);
        assertThat(metrics.performance().outFlowBytes()).isEqualTo(large.length + 8 + 1L);
        assertThat(metrics.performance().inFlowBytes()).isEqualTo(large.length + 8L);
    }

    @Test
    void orderIsKeptWhenAStreamFallsBackInTheMiddle() {
        Duo duo = open(small());
        Duo.Link link = duo.link();
        Stream greedy = duo.stream();
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            if (i == 20) {
                exhaust(greedy);
            } else if (i == 40) {
                greedy.close();
            }
            byte[] message = Payload.of(100 + i, i);
            messages.add(message);
            Payload.send(link.client(), message);
        }
        link.client().close();
        for (byte[] message : messages) {
            assertThat(Arrays.equals(Payload.receive(link.server(), message.length), message))
                    .isTrue();
        }
        assertRefused(Reason.END_OF_STREAM, () -> link.server().bufferReader().readByte());
        assertThat(duo.clientSession().metrics().stability().fallbackWriteCount())
                .isEqualTo(40);
    }

    @Test
    void theAnswerFallsBackToo() {
        Duo duo = open(small());
        Duo.Link link = duo.link();
        exhaust(link.client());
        byte[] answer = Payload.of(20_000, 3);
        Payload.send(link.server(), answer);
        assertThat(Payload.receive(link.client(), answer.length)).isEqualTo(answer);
        assertThat(duo.clientSession().isHealthy())
                .as("the client sees that the server had no memory")
                .isFalse();
        assertThat(link.server().session().isHealthy()).isFalse();
        link.server().flush(true);
        assertRefused(Reason.END_OF_STREAM, () -> link.client().bufferReader().readByte());
    }

    @Test
    void aCallbackMayWaitForMoreThatComesThroughTheConnection() throws Exception {
        Duo duo = open(small());
        Duo.Link link = duo.link();
        Stream greedy = duo.stream();
        exhaust(greedy);
        BlockingQueue<Long> sums = new LinkedBlockingQueue<>();
        link.server().setCallbacks(new Echo(link.server()) {
            @Override
            public void onData(BufferReader reader) {
                sums.add(reader.readLong() + reader.readLong());
            }
        });
        for (int i = 0; i < 50; i++) {
            for (int part = 0; part < 4; part++) {
                link.client().bufferWriter().writeInt(part == 1 ? i : 0);
                link.client().flush();
            }
        }
        for (long i = 0; i < 50; i++) {
            assertThat(sums.poll(20, TimeUnit.SECONDS)).isEqualTo(i);
        }
    }

    @Test
    void aSessionThatRanOutOfMemoryOpensNoStreams() {
        Duo duo = open(small().client(config -> config.circuitBreakerInterval(Duration.ofHours(1))));
        Duo.Link link = duo.link();
        exhaust(duo.stream());
        Payload.send(link.client(), new byte[100]);
        assertThat(duo.clientSession().isHealthy()).isFalse();
        assertRefused(Reason.SESSION_UNHEALTHY, duo.clientSession()::openStream);
        assertRefused(Reason.SESSION_UNHEALTHY, duo.manager()::getStream);
        assertThat(Payload.receive(link.server(), 100)).hasSize(100);
    }

    @Test
    void aSessionThatRanOutOfMemoryOpensStreamsAgainAfterAWhile() {
        Duo duo = open(small().client(config -> config.circuitBreakerInterval(Duration.ofMillis(50))));
        Duo.Link link = duo.link();
        Stream greedy = duo.stream();
        exhaust(greedy);
        Payload.send(link.client(), new byte[100]);
        assertThat(duo.clientSession().metrics().stability().fallbackWriteCount())
                .isPositive();
        greedy.close();
        await().until(duo.clientSession()::isHealthy);
        Duo.Link next = duo.link();
        Payload.send(next.client(), new byte[SLICE_BYTES]);
        assertThat(Payload.receive(next.server(), SLICE_BYTES)).hasSize(SLICE_BYTES);
    }
}
