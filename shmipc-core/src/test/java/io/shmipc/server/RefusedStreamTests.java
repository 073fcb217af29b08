package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.Session;
import io.shmipc.session.Duo;
import io.shmipc.session.Variant;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that opens more streams than it may, and does not drain the queue on which it is told so. */
@Timeout(60)
class RefusedStreamTests {

    private static final int FIRST_REFUSED = 3;

    private final Duo duo = Duo.of(Variant.USUAL)
            .server(config -> config.connectionWriteTimeout(Duration.ofMillis(300)))
            .listener(listener -> listener.maxStreamsPerSession(1))
            .open();
    private RawClient client;
    private Session session;
    private int next = FIRST_REFUSED;

    @BeforeEach
    void fillTheQueue() throws IOException {
        duo.link();
        duo.serverSession();
        client = new RawClient(duo.listener().address()).shakeHands();
        session = duo.serverSession();
        client.openStream(FIRST_REFUSED - 1);
        duo.accept();
        for (int i = 0; i < RawClient.QUEUE_CAPACITY; i++) {
            openRefusedStream();
        }
        await().until(() -> session.metrics().performance().sendQueueCount() == RawClient.QUEUE_CAPACITY);
    }

    private void openRefusedStream() throws IOException {
        client.openStream(next++);
        await().until(() -> client.isDrained() || session.isClosed());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        duo.close();
    }

    @Test
    void aRefusalThatFindsTheQueueFullTakesTheConnection() throws IOException {
        int refused = next;
        openRefusedStream();
        String wakeUp = "0000000877580201";
        String streamClose = "0000000c77580202" + HexFormat.of().toHexDigits(refused);
        assertThat(HexFormat.of().formatHex(client.receive(8 + 12))).isEqualTo(wakeUp + streamClose);
    }

    @Test
    void aClientThatTakesNothingOffTheConnectionEitherIsGivenUpInTime() throws Exception {
        try {
            while (!session.isClosed()) {
                openRefusedStream();
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("Broken pipe");
        }
        assertThat(session.closeFuture().toCompletableFuture().get(20, TimeUnit.SECONDS))
                .contains("took nothing for PT0.3S");
    }
}
