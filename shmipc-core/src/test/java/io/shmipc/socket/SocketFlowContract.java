package io.shmipc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.client.SessionManager;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** What happens to much data, and to data that is read slowly or not at all. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class SocketFlowContract {

    private static final int MIB = 1 << 20;
    private static final int REGION_BYTES = 4 * MIB;

    @TempDir
    Path directory;

    private SocketWorld world;
    private ServerSocket listening;
    private SessionManager manager;

    abstract MemoryType memoryType();

    @BeforeEach
    void open() throws Exception {
        world = new SocketWorld(directory, memoryType(), REGION_BYTES);
        listening = world.listen();
        manager = world.connect(1);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return noise;
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    /** Accepts a connection, reads it to its end, and returns the CRC of what came. */
    private Future<Long> acceptAndSum() {
        return world.start(() -> {
            try (Socket accepted = listening.accept();
                    CheckedInputStream in = new CheckedInputStream(accepted.getInputStream(), new CRC32())) {
                in.transferTo(OutputStream.nullOutputStream());
                return in.getChecksum().getValue();
            }
        });
    }

    @Test
    void tenMegabytesInOneWriteArriveWholeThoughTheRegionIsSmaller() throws Exception {
        byte[] data = noise(10 * MIB);
        Future<Long> sum = acceptAndSum();
        try (Socket client = ShmipcSockets.connect(manager)) {
            client.getOutputStream().write(data);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(sum.get(20, TimeUnit.SECONDS)).isEqualTo(crc(data));
        assertThat(SocketWorld.fallbacks(manager))
                .as("messages through the connection")
                .isZero();
    }

    @Test
    void tenMegabytesOfSmallWritesArriveWholeThroughABufferedStream() throws Exception {
        byte[] data = noise(10 * MIB);
        Future<Long> sum = acceptAndSum();
        try (Socket client = ShmipcSockets.connect(manager);
                OutputStream out = new BufferedOutputStream(client.getOutputStream())) {
            for (int i = 0; i < data.length; i += 64) {
                out.write(data, i, 64);
            }
        }
        assertThat(sum.get(20, TimeUnit.SECONDS)).isEqualTo(crc(data));
    }

    @Test
    void aHundredThousandSingleBytesArriveWhole() throws Exception {
        byte[] data = noise(100_000);
        Future<Long> sum = acceptAndSum();
        try (Socket client = ShmipcSockets.connect(manager)) {
            for (byte b : data) {
                client.getOutputStream().write(b);
            }
        }
        assertThat(sum.get(20, TimeUnit.SECONDS)).isEqualTo(crc(data));
        assertThat(SocketWorld.fallbacks(manager)).isZero();
    }

    @Test
    void tenMegabytesAreEchoedWhileTheyAreSent() throws Exception {
        Future<Void> unused = world.echo(listening);
        byte[] data = noise(10 * MIB);
        try (Socket client = ShmipcSockets.connect(manager)) {
            Future<byte[]> echoed = world.start(() -> client.getInputStream().readNBytes(data.length));
            client.getOutputStream().write(data);
            assertThat(crc(echoed.get(20, TimeUnit.SECONDS))).isEqualTo(crc(data));
        }
    }

    @Test
    void aReaderThatPausesHoldsItsWriterBack() throws Exception {
        byte[] data = noise(10 * MIB);
        try (Socket client = ShmipcSockets.connect(manager)) {
            Future<?> writing = world.start(() -> {
                client.getOutputStream().write(data);
                client.shutdownOutput();
                return null;
            });
            try (Socket accepted = listening.accept()) {
                await().until(() -> SocketWorld.bytesInUse(manager) > REGION_BYTES / 2);
                await().during(Duration.ofMillis(200)).until(() -> !writing.isDone());
                assertThat(SocketWorld.fallbacks(manager)).isZero();

                assertThat(crc(accepted.getInputStream().readAllBytes())).isEqualTo(crc(data));
            }
            writing.get(10, TimeUnit.SECONDS);
        }
        assertThat(SocketWorld.fallbacks(manager)).isZero();
        await().until(() -> SocketWorld.bytesInUse(manager) == 0);
    }

    @Test
    void aConversationGoesOnBesideAReaderThatHasStopped() throws Exception {
        try (Socket stuck = ShmipcSockets.connect(manager)) {
            Future<?> writing = world.start(() -> {
                stuck.getOutputStream().write(noise(10 * MIB));
                return null;
            });
            try (Socket neverRead = listening.accept()) {
                await().until(() -> SocketWorld.bytesInUse(manager) > REGION_BYTES / 2);
                await().during(Duration.ofMillis(100)).until(() -> !writing.isDone());
                Future<Void> unused = world.echo(listening);
                try (Socket client = ShmipcSockets.connect(manager)) {
                    byte[] message = noise(1_000);
                    for (int i = 0; i < 1_000; i++) {
                        client.getOutputStream().write(message);
                        assertThat(client.getInputStream().readNBytes(message.length))
                                .isEqualTo(message);
                    }
                }
                assertThat(neverRead.getInputStream().available()).isPositive();
                assertThat(SocketWorld.fallbacks(manager)).isZero();
            }
        }
    }

    @Test
    void closingWakesAThreadThatWrites() throws Exception {
        try (Socket client = ShmipcSockets.connect(manager)) {
            Future<?> writing = world.start(() -> {
                client.getOutputStream().write(noise(10 * MIB));
                return null;
            });
            try (Socket accepted = listening.accept()) {
                await().during(Duration.ofMillis(200)).until(() -> !writing.isDone());
                client.close();
                assertThatThrownBy(() -> writing.get(5, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(SocketException.class)
                        .hasMessage("Socket closed");
                assertThat(accepted.getInputStream().readAllBytes()).isNotEmpty();
            }
        }
    }
}
