package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.MemoryType;
import io.shmipc.Network;
import io.shmipc.Reason;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import io.shmipc.WaitStrategies;
import io.shmipc.session.Duo;
import io.shmipc.session.Variant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A close on the queue that overtakes data over the socket ends its stream after them, whoever drains, and soon. */
@Timeout(60)
class OvertakingCloseTests {

    private static final int STREAM = 2;
    private static final int OPEN = 0;
    private static final int CLOSED = 1;
    private static final int ROUNDS = 5;

    static List<Arguments> waysToDrain() {
        List<Arguments> ways = new ArrayList<>();
        for (Network network : Network.values()) {
            for (WaitStrategies waiting : WaitStrategies.values()) {
                for (boolean inline : new boolean[] {false, true}) {
                    ways.add(Arguments.of(new Variant(MemoryType.FILE, network, inline, waiting)));
                }
            }
        }
        return ways;
    }

    @ParameterizedTest
    @MethodSource("waysToDrain")
    void aReaderGetsTheDataAndThenTheEnd(Variant variant) throws Exception {
        try (Duo duo = Duo.of(variant).open()) {
            for (int round = 0; round < ROUNDS; round++) {
                try (RawClient client = new RawClient(duo.listener().address()).shakeHands()) {
                    client.openStream(STREAM);
                    Stream stream = duo.accept();
                    stream.setReadDeadline(Instant.now().plusSeconds(20));
                    assertThat(stream.bufferReader().readByte()).isEqualTo((byte) 7);
                    fallBackAndClose(client, 100);
                    assertThat(stream.bufferReader().readBytes(100).remaining()).isEqualTo(100);
                    assertThatThrownBy(() -> stream.bufferReader().readByte())
                            .isInstanceOfSatisfying(
                                    StreamClosedException.class,
                                    e -> assertThat(e.reason()).isEqualTo(Reason.END_OF_STREAM));
                    stream.close();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("waysToDrain")
    void callbacksGetTheDataAndThenTheEnd(Variant variant) throws Exception {
        BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();
        try (Duo duo = Duo.of(variant)
                .onStream(stream -> stream.setCallbacks(new Counting(stream, ends)))
                .open()) {
            for (int round = 0; round < ROUNDS; round++) {
                try (RawClient client = new RawClient(duo.listener().address()).shakeHands()) {
                    client.openStream(STREAM);
                    fallBackAndClose(client, 100);
                    assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(101);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("waysToDrain")
    void aStreamThatNobodyReadsLearnsOfTheEnd(Variant variant) throws Exception {
        try (Duo duo = Duo.of(variant).open();
                RawClient client = new RawClient(duo.listener().address()).shakeHands()) {
            client.openStream(STREAM);
            Stream stream = duo.accept();
            fallBackAndClose(client, 100);
            await().until(() -> !stream.isOpen());
            assertThat(stream.bufferReader().length()).isEqualTo(101);
            stream.close();
        }
    }

    private static void fallBackAndClose(RawClient client, int bytes) throws IOException {
        byte[] payload =
                ByteBuffer.allocate(8 + bytes).putInt(STREAM).putInt(OPEN).array();
        client.message(2, RawClient.FALLBACK_DATA, payload);
        client.element(STREAM, 0, CLOSED);
    }

    /** Tells how many bytes had come when the end did. */
    private static final class Counting implements StreamCallbacks {

        private final Stream stream;
        private final BlockingQueue<Integer> ends;
        private int received;

        Counting(Stream stream, BlockingQueue<Integer> ends) {
            this.stream = stream;
            this.ends = ends;
        }

        @Override
        public void onData(BufferReader reader) {
            int length = reader.length();
            reader.discard(length);
            received += length;
        }

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {
            ends.add(received);
            stream.close();
        }
    }
}
