package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.channel.FrameFuzz;
import io.shmipc.reliability.Figures;
import io.shmipc.reliability.Heap;
import io.shmipc.reliability.Reliability;
import io.shmipc.session.Duo;
import io.shmipc.session.Payload;
import io.shmipc.session.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Malformed messages sent to a listener, at each stage of a connection: it closes that connection and serves others.
 */
@Timeout(60)
class HostileFramesTests {

    private static final int ASKED_EVERY = 100;

    private Duo duo;
    private int filesBefore;

    @BeforeEach
    void open() {
        duo = Duo.of(Variant.USUAL)
                .server(config -> config.initializeTimeout(Duration.ofSeconds(10)))
                .echo()
                .open();
        assertServed();
        filesBefore = OpenFiles.count();
    }

    @AfterEach
    void nothingIsLost() {
        assertServed();
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(OpenFiles.count()).isLessThanOrEqualTo(filesBefore);
            assertThat(duo.listener().sessions()).hasSize(1);
        });
        duo.close();
    }

    private void assertServed() {
        duo.manager().execute(stream -> {
            Payload.roundTrip(stream, Payload.of(1000, 3));
            return true;
        });
    }

    @Test
    @Reliability
    void malformedMessagesEndTheirConnectionAndNoOther() throws Exception {
        Figures.keep("frames.connections", 1000, "connections with malformed messages, heap growth < 64 MB", figure -> {
            Heap heap = Heap.now();
            for (long seed = 0; seed < figure.count(); seed++) {
                Random random = new Random(seed);
                attack(FrameFuzz.messages(seed), Stage.values()[random.nextInt(Stage.values().length)]);
                if (seed % ASKED_EVERY == 0) {
                    assertServed();
                    figure.reached(seed);
                }
            }
            assertServed();
            return "%,d, heap growth %d MB, no other session noticed"
                    .formatted(figure.count(), heap.grownMegabytes(64));
        });
    }

    static Stream<Path> regressions() {
        return FrameFuzz.regressions().stream();
    }

    @ParameterizedTest
    @MethodSource
    void regressions(Path file) throws IOException {
        for (Stage stage : Stage.values()) {
            attack(FrameFuzz.read(file), stage);
        }
    }

    /** How far a client has come before it goes wrong. */
    private enum Stage {
        CONNECTED,
        VERSION_AGREED,
        DESCRIPTORS_AWAITED,
        ESTABLISHED,
        TALKING
    }

    private void attack(byte[] bytes, Stage stage) throws IOException {
        try (RawClient client = new RawClient(duo.listener().address())) {
            switch (stage) {
                case CONNECTED -> {}
                case VERSION_AGREED -> client.message(3, RawClient.EXCHANGE_PROTO_VERSION);
                case DESCRIPTORS_AWAITED -> {
                    client.message(3, RawClient.EXCHANGE_PROTO_VERSION);
                    client.message(3, 5, RawClient.paths("queue", "buffer"));
                }
                case ESTABLISHED -> client.shakeHands();
                case TALKING -> client.shakeHands().openStream(2);
            }
            try {
                client.send(bytes);
                client.endOutput();
            } catch (IOException e) {
                // The server has hung up already.
            }
            client.awaitEnd();
        }
    }
}
