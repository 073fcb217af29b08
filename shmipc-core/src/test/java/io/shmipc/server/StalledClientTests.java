package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.HotRestartException;
import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.session.Duo;
import io.shmipc.session.Echo;
import io.shmipc.session.Payload;
import io.shmipc.session.Variant;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that takes nothing off its socket, while an answer for it waits for room there, delays nobody else. */
@Timeout(120)
class StalledClientTests {

    /** Longer than a test takes: whoever waits for the socket is seen to wait. */
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(100);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Duo duo = Duo.of(Variant.USUAL)
            .server(config -> config.connectionWriteTimeout(WRITE_TIMEOUT))
            .listener(listener -> listener.maxStreamsPerSession(1))
            .onStream(stream -> stream.setCallbacks(new Answering(stream)))
            .open();
    private final Stream calling = duo.stream();
    private RawClient stalled;
    private Session stalledSession;

    /** Answers what a raw client sends with more than a socket holds, and all else with itself. */
    private static final class Answering extends Echo {

        private static final int ANSWER_BYTES = 16 << 20;

        private final Stream stream;

        Answering(Stream stream) {
            super(stream);
            this.stream = stream;
        }

        @Override
        public void onData(BufferReader reader) {
            if (reader.length() > 1) {
                super.onData(reader);
            } else {
                stream.bufferWriter().writeBytes(new byte[ANSWER_BYTES]);
                stream.flush();
            }
        }
    }

    @BeforeEach
    void stallOneClient() throws IOException {
        call();
        duo.serverSession();
        stalled = new RawClient(duo.listener().address()).shakeHands();
        stalled.openStream(2);
        stalledSession = duo.serverSession();
        await().until(() -> stalledSession.metrics().stability().fallbackWriteCount() == 1);
    }

    @AfterEach
    void close() throws IOException {
        stalled.close();
        duo.close();
    }

    private void call() {
        calling.setDeadline(Instant.now().plus(PATIENCE));
        Payload.roundTrip(calling, Payload.of(1000, 1));
    }

    @Test
    void aHotRestartGoesOnWithoutItAndFailsInTime() {
        CompletableFuture<Void> restart = duo.listener().hotRestart(1).toCompletableFuture();
        call();
        assertThatThrownBy(() -> restart.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(HotRestartException.class)
                .hasMessageContaining("1 sessions, such as " + stalledSession);
        assertThat(stalledSession.metrics().stability().hotRestartErrorCount()).isEqualTo(1);
        call();
    }

    @Test
    void refusingAStreamOfItDelaysNobody() throws IOException {
        stalled.openStream(3);
        await().until(() -> stalledSession.metrics().performance().sendQueueCount() == 1);
        call();
    }
}
