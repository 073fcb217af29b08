package io.shmipc.channel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What the logger of the protocol tells of a connection. */
@Timeout(60)
class ProtocolTraceTests {

    private static final int FALLBACK_BYTES = 1 << 20;

    private final Logger protocol = (Logger) LoggerFactory.getLogger("io.shmipc.protocol");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        protocol.setLevel(Level.TRACE);
        protocol.setAdditive(false);
        protocol.addAppender(lines);
        lines.start();
    }

    @AfterEach
    void stopListening() {
        protocol.detachAppender(lines);
        protocol.setAdditive(true);
        protocol.setLevel(null);
    }

    @Test
    void eachMessageIsToldOnceAsItIsSentAndAsItIsReceived() throws IOException {
        try (Wire wire = Wire.open()) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                wire.near().sendFallback(5, 0, FALLBACK_BYTES, target -> {
                    while (target.hasRemaining()) {
                        target.put((byte) 0xee);
                    }
                });
                wire.near().post(MessageType.STREAM_CLOSE, 5);
            });
            byte[] sent = wire.receive(16 + FALLBACK_BYTES + 12);
            sending.join();
            new MessageDecoder().feed(ByteBuffer.wrap(sent), new Recorder());
        }
        String fallback = " FALLBACK_DATA version 2, payload 1048584 bytes: 00100010775802030000000500000000";
        String close = " STREAM_CLOSE version 2, payload 4 bytes: 0000000c7758020200000005";
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("sent" + fallback + "eeee"),
                        line -> assertThat(line).isEqualTo("sent" + close),
                        line -> assertThat(line).isEqualTo("received" + fallback),
                        line -> assertThat(line).isEqualTo("received" + close));
    }
}
