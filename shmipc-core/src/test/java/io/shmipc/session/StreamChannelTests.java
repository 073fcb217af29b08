package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.Reason;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams as channels for what wants an {@link InputStream} or an {@link OutputStream}. */
class StreamChannelTests extends OverEveryVariant {

    @Test
    void whatIsWrittenIsReadUpToTheEnd() throws Exception {
        Duo.Link link = open(Duo.of(variant).config(config -> config.regionBytes(8 << 20)))
                .link();
        byte[] bytes = Payload.of(3_000_000, 1);
        Future<byte[]> received = async(() -> {
            ByteArrayOutputStream target = new ByteArrayOutputStream();
            Channels.newInputStream(link.server()).transferTo(target);
            return target.toByteArray();
        });
        try (OutputStream out = Channels.newOutputStream(link.client())) {
            for (int from = 0; from < bytes.length; from += 100_000) {
                out.write(bytes, from, 100_000);
            }
        }
        assertThat(received.get(40, TimeUnit.SECONDS)).isEqualTo(bytes);
        assertThat(Channels.newInputStream(link.server()).read()).isEqualTo(-1);
        assertThatThrownBy(() -> Channels.newOutputStream(link.client()).write(1))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> Channels.newInputStream(link.client()).read())
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aBufferMakesOneMessageOfManyWrites() throws Exception {
        Duo.Link link = open().link();
        DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(link.client()), 8192));
        out.writeInt(7);
        out.writeUTF("text");
        out.writeByte(-1);
        assertThat(link.server().bufferReader().length()).isZero();
        out.flush();
        await().until(() -> link.server().bufferReader().length() == 11);
        DataInputStream in = new DataInputStream(Channels.newInputStream(link.server()));
        assertThat(in.readInt()).isEqualTo(7);
        assertThat(in.readUTF()).isEqualTo("text");
        assertThat(in.read()).as("a byte, not the end").isEqualTo(255);
    }

    @Test
    void aDeadlineEndsAReadAndTheNextOneGoesOn() throws Exception {
        Duo.Link link = open().link();
        InputStream in = Channels.newInputStream(link.server());
        link.server().setReadDeadline(Instant.now().plusMillis(20));
        assertRefused(Reason.TIMEOUT, in::read);
        link.server().setReadDeadline(null);
        Channels.newOutputStream(link.client()).write(9);
        assertThat(in.read()).isEqualTo(9);
    }

    @Test
    void anOutputThatHasEndedLeavesTheInputOpen() throws Exception {
        Duo.Link link = open().link();
        OutputStream question = Channels.newOutputStream(link.client());
        question.write(new byte[] {1, 2, 3});
        link.client().flush(true);
        assertThat(Channels.newInputStream(link.server()).readAllBytes()).containsExactly(1, 2, 3);
        try (OutputStream answer = Channels.newOutputStream(link.server())) {
            answer.write(new byte[] {4, 5});
        }
        InputStream in = Channels.newInputStream(link.client());
        assertThat(in.readAllBytes()).containsExactly(4, 5);
        in.close();
        assertThat(link.client().isOpen()).isFalse();
    }
}
