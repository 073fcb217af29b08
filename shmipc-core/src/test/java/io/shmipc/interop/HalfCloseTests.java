package io.shmipc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.ListenCallback;
import io.shmipc.MemoryType;
import io.shmipc.Reason;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.StreamClosedException;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A side that has ended its own half still hears the other one, until both have closed. */
@Timeout(30)
class HalfCloseTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CompletableFuture<Stream> halfClosed = new CompletableFuture<>();
    private Workspace workspace;
    private Listener listener;
    private CallingClient client;

    @BeforeEach
    void connect() {
        workspace = new Workspace();
        ListenCallback callback = stream -> stream.setCallbacks(new Quiet(stream));
        listener = new Listener(
                callback,
                ListenerConfig.builder(workspace.address(Cell.Link.MEMFD_UNIX)).build());
        listener.start();
        client = CallingClient.connect(
                listener.address(), "", CallingClient.config(MemoryType.MEMFD, workspace, 1 << 20));
    }

    @AfterEach
    void close() {
        client.close();
        listener.close();
        workspace.awaitNothingLeft();
        workspace.close();
    }

    /** Discards what arrives and never closes. */
    private final class Quiet implements StreamCallbacks {

        private final Stream stream;

        Quiet(Stream stream) {
            this.stream = stream;
        }

        @Override
        public void onData(BufferReader reader) {
            reader.discard(reader.length());
        }

        @Override
        public void onLocalClose() {}

        @Override
        public void onRemoteClose() {
            halfClosed.complete(stream);
        }
    }

    private static void write(Stream stream, String text, boolean end) {
        stream.bufferWriter().writeString(text);
        stream.flush(end);
    }

    @Test
    void theOtherHalfGoesOnUntilItIsClosedToo() throws Exception {
        Stream stream = client.manager().getStream();
        stream.setReadDeadline(Instant.now().plus(PATIENCE));
        write(stream, "request", true);
        Stream atServer = halfClosed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        write(atServer, "late", false);
        assertThat(stream.bufferReader().readString(4)).isEqualTo("late");
        assertThatThrownBy(() -> write(stream, "more", false)).isInstanceOf(StreamClosedException.class);

        atServer.close();
        assertThatThrownBy(() -> stream.bufferReader().readByte())
                .isInstanceOfSatisfying(
                        StreamClosedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.END_OF_STREAM));
        stream.close();
        awaitNoStreams();
    }

    @Test
    void aStreamThatThePeerHalfClosedAndThenClosedIsGone() throws Exception {
        Stream stream = client.manager().getStream();
        write(stream, "request", true);
        halfClosed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        stream.close();
        awaitNoStreams();
    }

    private void awaitNoStreams() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(listener.sessions().get(0).activeStreamCount()).isZero();
            assertThat(client.session().activeStreamCount()).isZero();
            assertThat(client.session().metrics().shareMemory().allInUsedShareMemoryInBytes())
                    .isZero();
        });
    }
}
