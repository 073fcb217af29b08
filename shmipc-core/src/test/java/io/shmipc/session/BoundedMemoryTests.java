package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BackPressureException;
import io.shmipc.Reason;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Whoever reads nothing, or flushes nothing, takes a bounded amount of memory. */
class BoundedMemoryTests extends OverEveryVariant {

    private static final int SLICE_BYTES = 4076;
    private static final int LIMIT = 200_000;

    /** Room for what the pieces of a message cost besides their bytes. */
    private static final int SOME = 5_000;

    private Duo.Builder small() {
        return Duo.of(variant).region(1 << 20, SLICE_BYTES);
    }

    @Test
    void aWriteBeyondTheWriteBufferIsRefusedAndTheRestCanBeFlushed() {
        Duo duo = open(small().client(config -> config.writeBufferBytes(10_000)));
        Duo.Link link = duo.link();
        byte[] first = Payload.of(9_997, 1);
        link.client().bufferWriter().writeBytes(first);
        assertThatThrownBy(() -> link.client().bufferWriter().writeInt(1))
                .isInstanceOfSatisfying(
                        BackPressureException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRITE_BUFFER_FULL))
                .hasMessageContaining("4 bytes was refused")
                .hasMessageContaining("9997 bytes are written and not flushed")
                .hasMessageContaining("writeBufferBytes is 10000");
        assertRefused(
                Reason.WRITE_BUFFER_FULL, () -> link.client().bufferWriter().reserve(4));
        assertRefused(
                Reason.WRITE_BUFFER_FULL, () -> link.client().bufferWriter().writeBytes(new byte[4]));
        link.client().bufferWriter().writeByte((byte) 1);
        link.client().flush();
        assertThat(Payload.receive(link.server(), first.length)).isEqualTo(first);
        link.client().bufferWriter().writeBytes(first);
        link.client().flush();
        assertThat(link.server().bufferReader().readByte()).isEqualTo((byte) 1);
        assertThat(Payload.receive(link.server(), first.length)).isEqualTo(first);
    }

    @Test
    void aStreamThatLeavesTooMuchUnreadIsClosedAndTheOthersGoOn() {
        Duo duo = open(small().server(config -> config.unreadFallbackBytes(LIMIT)));
        Duo.Link flooded = duo.link();
        Duo.Link other = duo.link();
        Stream greedy = duo.stream();
        FallbackTests.exhaust(greedy);
        ShmipcSession session = (ShmipcSession) duo.serverSession();
        Payload.send(flooded.client(), new byte[LIMIT - SOME]);
        await().until(() -> session.unreadFallback().heldBytes() >= LIMIT - SOME);
        Payload.send(other.client(), Payload.of(SOME, 2));
        assertThat(Payload.receive(other.server(), SOME)).isEqualTo(Payload.of(SOME, 2));
        assertThatThrownBy(() -> flooded.server().bufferReader().readBytes(LIMIT + 1))
                .isInstanceOfSatisfying(
                        StreamClosedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STREAM_CLOSED))
                .hasMessageContaining("unreadFallbackBytes, " + LIMIT)
                .hasMessageContaining("raise regionBytes");
        assertRefused(
                Reason.END_OF_STREAM, () -> flooded.client().bufferReader().readByte());
        assertThat(duo.clientSession().isClosed()).isFalse();
    }

    @Test
    void manySmallMessagesThatNobodyReadsCountAsWhatTheyCost() {
        Duo duo = open(small());
        Duo.Link flooded = duo.link();
        FallbackTests.exhaust(duo.stream());
        ShmipcSession session = (ShmipcSession) duo.serverSession();
        for (int i = 0; i < 100; i++) {
            Payload.send(flooded.client(), new byte[1]);
        }
        await().until(() -> session.unreadFallback().heldBytes() == 100 * (1 + UnreadFallback.OVERHEAD_BYTES));
        Payload.receive(flooded.server(), 100);
        await().until(() -> session.unreadFallback().heldBytes() == 0);
    }

    @Test
    void whatIsReadMakesRoomForMore() {
        Duo duo = open(small().server(config -> config.unreadFallbackBytes(LIMIT)));
        Duo.Link link = duo.link();
        Stream greedy = duo.stream();
        FallbackTests.exhaust(greedy);
        ShmipcSession session = (ShmipcSession) duo.serverSession();
        byte[] message = Payload.of(LIMIT / 2, 3);
        for (int i = 0; i < 8; i++) {
            Payload.send(link.client(), message);
            assertThat(Payload.receive(link.server(), message.length)).isEqualTo(message);
        }
        link.server().close();
        await().until(() -> session.unreadFallback().heldBytes() == 0);
    }

    @Test
    void aMessageThatTakesSeveralFallbackMessagesArrivesWhole() throws Exception {
        byte[] large = Payload.of(StreamSender.MAX_FALLBACK_BYTES + 100_001, 4);
        Duo duo = open(small());
        Duo.Link link = duo.link();
        Future<?> sent = async(() -> {
            Payload.send(link.client(), large);
            return true;
        });
        assertThat(Arrays.equals(Payload.receive(link.server(), large.length), large))
                .isTrue();
        sent.get();
    }
}
