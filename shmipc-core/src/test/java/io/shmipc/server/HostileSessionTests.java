package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.Session;
import io.shmipc.layout.Cells;
import io.shmipc.layout.FreeListLayout;
import io.shmipc.layout.QueueLayout;
import io.shmipc.layout.RegionLayout;
import io.shmipc.layout.SliceLayout;
import io.shmipc.session.Duo;
import io.shmipc.session.Payload;
import io.shmipc.session.Variant;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that break the protocol after their handshake: their own session ends with a clear reason, no other. */
@Timeout(20)
class HostileSessionTests {

    private static final int CLOSED = 1;
    private static final QueueLayout LAYOUT = QueueLayout.ofThisMachine();

    private Duo duo;
    private int filesBefore;

    @BeforeEach
    void open() {
        duo = Duo.of(Variant.USUAL).echo().open();
        assertServed();
        duo.serverSession();
        filesBefore = OpenFiles.count();
    }

    @AfterEach
    void nothingIsLost() {
        assertServed();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(OpenFiles.count()).isLessThanOrEqualTo(filesBefore));
        assertThat(duo.listener().sessions()).hasSize(1);
        duo.close();
    }

    private void assertServed() {
        duo.manager().execute(stream -> {
            Payload.roundTrip(stream, Payload.of(1000, 3));
            return true;
        });
    }

    private interface Mischief {
        void at(RawClient client) throws IOException;
    }

    private String reasonAfter(Mischief mischief) throws Exception {
        try (RawClient client = new RawClient(duo.listener().address()).shakeHands()) {
            client.openStream(2);
            Session session = duo.serverSession();
            await().until(() -> session.metrics().performance().inFlowBytes() == 1);
            mischief.at(client);
            client.awaitEnd();
            return session.closeFuture().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    static Stream<Arguments> messages() {
        byte[] random = new byte[5000];
        new Random(7).nextBytes(random);
        byte[] nothing = {};
        return Stream.of(
                Arguments.of("magic 7758", random),
                Arguments.of("FALLBACK_DATA with 1 payload", RawClient.frame(9, 0x7758, 2, 3, new byte[1])),
                Arguments.of("STREAM_CLOSE with 3", RawClient.frame(11, 0x7758, 2, 2, new byte[3])),
                Arguments.of("HOT_RESTART", RawClient.frame(16, 0x7758, 2, 8, new byte[8])),
                Arguments.of("types go up to 9", RawClient.frame(8, 0x7758, 2, 10, nothing)),
                Arguments.of("version 0", RawClient.frame(8, 0x7758, 0, 1, nothing)),
                Arguments.of("EXCHANGE_PROTO_VERSION", RawClient.frame(8, 0x7758, 2, 4, nothing)),
                Arguments.of("ACK_SHARE_MEMORY", RawClient.frame(8, 0x7758, 2, 6, nothing)),
                Arguments.of("POLLING with 4294967279", RawClient.frame(-9, 0x7758, 2, 1, nothing)),
                Arguments.of("SHARE_MEMORY_BY_FILE_PATH", RawClient.frame(12, 0x7758, 2, 0, new byte[4])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void messages(String reason, byte[] bytes) throws Exception {
        assertThat(reasonAfter(client -> client.send(bytes))).contains(reason);
    }

    private static void corruptSlice(RawClient client, int field, int value) throws IOException {
        int slice = client.slice();
        Cells.storePlain(client.regionBytes(), slice + field, value);
        client.element(2, slice, 0);
    }

    static Stream<Arguments> memory() {
        Mischief tail = client -> {
            Cells.storePlain(client.queueBytes(), LAYOUT.tail(), 1_000_000);
            client.message(2, RawClient.POLLING);
        };
        Mischief negativeTail = client -> {
            Cells.storePlain(client.queueBytes(), LAYOUT.tail(), -5);
            client.message(2, RawClient.POLLING);
        };
        Mischief loop = client -> {
            int slice = client.slice();
            Cells.storePlain(client.regionBytes(), slice + SliceLayout.NEXT, slice);
            Cells.storePlain(client.regionBytes(), slice + SliceLayout.FLAGS, SliceLayout.HAS_NEXT);
            client.element(2, slice, 0);
        };
        Mischief freeList = client -> {
            Cells.storePlain(client.regionBytes(), RegionLayout.HEADER_BYTES + FreeListLayout.TAIL, 77);
            client.openStream(4);
        };
        return Stream.of(
                Arguments.of("tail", tail),
                Arguments.of("tail", negativeTail),
                Arguments.of("no slice begins at offset 1", (Mischief) client -> client.element(2, 1, 0)),
                Arguments.of("no slice begins at offset 4294967295", (Mischief) client -> client.element(2, -1, 0)),
                Arguments.of("no slice begins at offset 2147483647", (Mischief)
                        client -> client.element(9, Integer.MAX_VALUE, 0)),
                Arguments.of("size 5000", (Mischief) client -> corruptSlice(client, SliceLayout.SIZE, 5000)),
                Arguments.of("size 4294967295", (Mischief) client -> corruptSlice(client, SliceLayout.SIZE, -1)),
                Arguments.of("start 2147483647", (Mischief)
                        client -> corruptSlice(client, SliceLayout.START, Integer.MAX_VALUE)),
                Arguments.of("capacity 9", (Mischief) client -> corruptSlice(client, SliceLayout.CAPACITY, 9)),
                Arguments.of("in use", loop),
                Arguments.of("free list", freeList));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void memory(String reason, Mischief mischief) throws Exception {
        assertThat(reasonAfter(mischief)).contains(reason);
    }

    @Test
    void aQueueWhoseFileWasCutShortEndsItsSession() throws Exception {
        String reason = reasonAfter(client -> {
            try (RandomAccessFile file = new RandomAccessFile(client.queuePath(), "rw")) {
                file.setLength(0);
            }
            client.message(2, RawClient.POLLING);
        });
        assertThat(reason).contains("memory");
    }

    @Test
    void elementsOfUnknownStreamsAreRecycled() throws Exception {
        try (RawClient client = new RawClient(duo.listener().address()).shakeHands()) {
            client.openStream(2);
            Session session = duo.serverSession();
            await().until(() -> session.activeStreamCount() == 1);
            for (int i = 0; i < 100; i++) {
                client.element(100 + i, 0, 1);
                client.element(1000 + i, client.slice(), 2);
                await().until(() -> session.metrics().performance().receiveQueueCount() == 0);
            }
            await().until(() -> session.metrics().shareMemory().allInUsedShareMemoryInBytes() <= 4076);
            assertThat(session.activeStreamCount()).isEqualTo(1);
            assertThat(session.isClosed()).isFalse();
        }
    }

    @Test
    void anErrorOfTheConnectionIsCounted() throws Exception {
        try (RawClient client = new RawClient(duo.listener().address()).shakeHands()) {
            Session session = duo.serverSession();
            assertThat(session.metrics().stability().eventConnErrorCount()).isZero();
            client.message(2, 99);
            session.closeFuture().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(session.metrics().stability().eventConnErrorCount()).isEqualTo(1);
        }
    }

    @Test
    void abruptEndsOfClientsWakeEveryReaderOfTheServer() throws Exception {
        for (int i = 0; i < 30; i++) {
            try (RawClient client = new RawClient(duo.listener().address()).shakeHands()) {
                client.openStream(2);
                client.openStream(3);
                Session session = duo.serverSession();
                await().until(() -> session.activeStreamCount() == 2);
                client.cut();
                session.closeFuture().toCompletableFuture().get(20, TimeUnit.SECONDS);
                await().until(() -> session.activeStreamCount() == 0);
            }
        }
    }

    /** Does something over and over while the other client talks. */
    private void whileServed(Mischief once) throws Exception {
        try (RawClient client = new RawClient(duo.listener().address()).shakeHands()) {
            client.openStream(2);
            AtomicBoolean done = new AtomicBoolean();
            Thread flood = new Thread(() -> {
                try {
                    while (!done.get()) {
                        once.at(client);
                    }
                } catch (IOException e) {
                    // The server has hung up.
                }
            });
            flood.start();
            try {
                for (int i = 0; i < 50; i++) {
                    assertServed();
                }
            } finally {
                done.set(true);
                client.cut();
                flood.join();
            }
        }
    }

    @Test
    void aQueueThatIsNeverEmptyKeepsNobodyWaiting() throws Exception {
        whileServed(client -> {
            int head = Cells.loadAcquire(client.queueBytes(), LAYOUT.head());
            if (head <= RawClient.QUEUE_CAPACITY) {
                fillWithCloses(client.queueBytes());
                client.message(2, RawClient.POLLING);
            }
            Cells.storeRelease(client.queueBytes(), LAYOUT.tail(), head + RawClient.QUEUE_CAPACITY);
        });
    }

    private static void fillWithCloses(ByteBuffer queue) {
        for (int slot = 0; slot < RawClient.QUEUE_CAPACITY; slot++) {
            int element = QueueLayout.HEADER_BYTES + slot * QueueLayout.ELEMENT_BYTES;
            Cells.storePlain(queue, element + QueueLayout.ELEMENT_STATUS, CLOSED);
        }
    }

    @Test
    void aSocketThatIsNeverEmptyKeepsNobodyWaiting() throws Exception {
        byte[] polling = RawClient.frame(8, 0x7758, 2, RawClient.POLLING);
        ByteBuffer many = ByteBuffer.allocate(4096 * polling.length);
        while (many.hasRemaining()) {
            many.put(polling);
        }
        whileServed(client -> client.send(many.array()));
    }

    @Test
    void clientsThatComeAndGoWithoutPauseKeepNobodyWaiting() throws Exception {
        whileServed(client -> new RawClient(duo.listener().address()).cut());
    }
}
