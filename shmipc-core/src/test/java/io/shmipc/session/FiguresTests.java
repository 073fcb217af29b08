package io.shmipc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.Reason;
import io.shmipc.Session;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.Stream;
import io.shmipc.StreamClosedException;
import io.shmipc.WaitStrategies;
import io.shmipc.channel.Connection;
import io.shmipc.layout.QueueLayout;
import io.shmipc.shm.QueuePair;
import io.shmipc.shm.SharedMemory;
import io.shmipc.shm.SharedRegion;
import io.shmipc.sys.Sockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Large numbers of streams and sessions, and counters at the ends of their words; {@link ManyStreamsTests} has more.
 */
@Timeout(180)
class FiguresTests {

    private static final int CYCLES = 100_000;
    private static final int WARM_UP_CYCLES = 10_000;
    private static final int SESSIONS = 1_000;
    private static final int QUEUE_CAPACITY = 64;
    private static final int CALLERS = 3;
    private static final int ROUNDS = 6;
    private static final int CALLS_PER_ROUND = 40;
    private static final int LARGER_THAN_THE_REGION = 3 << 20;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Duo duo;

    @AfterEach
    void close() {
        threads.shutdownNow();
        duo.close();
    }

    @Test
    void aHundredThousandStreamsLeaveAllSlicesFreeAndNothingGrown() {
        duo = Duo.of(Variant.USUAL)
                .region(1 << 20, 108)
                .server(config -> config.callbackExecutor(Runnable::run))
                .echo()
                .open();
        Session client = duo.clientSession();
        openAndClose(client, WARM_UP_CYCLES);
        Session server = duo.serverSession();
        long heapBytes = heapBytes();
        openAndClose(client, CYCLES);
        await().untilAsserted(() -> assertThat(client.metrics().shareMemory().allInUsedShareMemoryInBytes())
                .isZero());
        await().until(() -> server.activeStreamCount() == 0);
        assertThat(client.activeStreamCount()).isZero();
        assertThat(client.metrics().stability().allocShmErrorCount()).isZero();
        assertThat(heapBytes() - heapBytes)
                .as("growth of the heap, of which each stream that is not forgotten would be some 500 bytes")
                .isLessThan(8 << 20);
    }

    /** Each third stream is closed with a reply unread, each third with a request unsent. */
    private static void openAndClose(Session client, int cycles) {
        for (int i = 0; i < cycles; i++) {
            Stream stream = client.openStream();
            stream.bufferWriter().writeInt(i);
            if (i % 3 != 0) {
                stream.flush();
            }
            if (i % 3 == 1) {
                assertThat(stream.bufferReader().readInt()).isEqualTo(i);
            }
            stream.close();
        }
    }

    private static long heapBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aThousandSessionsOfOneProcessAllWork() {
        duo = Duo.of(Variant.USUAL)
                .config(config -> config.queueCapacity(QUEUE_CAPACITY).initializeTimeout(Duration.ofSeconds(20)))
                .manager(manager -> manager.sessions(SESSIONS))
                .echo()
                .open();
        assertThat(duo.manager().sessions()).hasSize(SESSIONS).allMatch(Session::isHealthy);
        for (int i = 0; i < 2 * SESSIONS; i++) {
            byte[] message = Payload.of(100, i);
            duo.manager().execute(stream -> {
                Payload.roundTrip(stream, message);
                return true;
            });
        }
        for (Session session : duo.manager().sessions()) {
            assertThat(session.metrics().performance().outFlowBytes()).isEqualTo(200);
        }
        assertThat(duo.listener().sessions()).hasSize(SESSIONS);
    }

    /** Some pass it after a while, and the others with a full queue. */
    @ParameterizedTest
    @CsvSource({
        "2147483148, ADAPTIVE",
        "4294966796, ADAPTIVE",
        "4294966796, PARK",
        "6442450444, ADAPTIVE",
        "2147483616, ADAPTIVE",
        "4294967264, ADAPTIVE",
        "4294967264, PARK"
    })
    void aSessionWhoseCountersPassTheEndOfAWordNoticesNothing(long counter, WaitStrategies waiting) throws Exception {
        Variant variant = new Variant(MemoryType.MEMFD, Variant.USUAL.network(), false, waiting);
        duo = Duo.of(variant).echo().open();
        ShmipcSession session = connect(duo.manager().config().config(), counter);
        duo.serverSession();
        QueueConsumer server = ((ShmipcSession) duo.serverSession()).consumer();
        try (session) {
            await().until(server::retire);
            List<Future<?>> ends = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                // In advance: what falls back may close the session to new streams for a while.
                Iterator<Stream> streams = java.util.stream.Stream.generate(session::openStream)
                        .limit(2 * ROUNDS)
                        .toList()
                        .iterator();
                ends.add(threads.submit(() -> call(streams)));
            }
            try {
                await().until(() -> session.metrics().stability().queueFullErrorCount() > 0);
            } finally {
                server.leaveAsleep();
            }
            for (Future<?> end : ends) {
                end.get();
            }
            assertThat(session.metrics().stability().fallbackReadCount()).isPositive();
            await().until(() -> session.metrics().performance().sendQueueCount() == 0);
            await().until(() -> session.metrics().performance().receiveQueueCount() == 0);
            OverEveryVariant.awaitNothingInUse(session);
        }
    }

    /** Everything that a stream does, over and over, while the counters pass the end. */
    private static void call(Iterator<Stream> streams) {
        for (int round = 0; round < ROUNDS; round++) {
            try (Stream stream = streams.next()) {
                fillTheQueue(stream);
                for (int i = 0; i < CALLS_PER_ROUND; i++) {
                    Payload.roundTrip(stream, Payload.of(1 + i * 100, i));
                }
                endAndReadTheRest(stream);
            }
            try (Stream stream = streams.next()) {
                Payload.roundTrip(stream, Payload.of(LARGER_THAN_THE_REGION, round));
                Payload.roundTrip(stream, Payload.of(1, round));
            }
        }
    }

    private static void fillTheQueue(Stream stream) {
        for (int i = 0; i < 2 * QUEUE_CAPACITY; i++) {
            stream.bufferWriter().writeInt(i);
            stream.flush();
        }
        for (int i = 0; i < 2 * QUEUE_CAPACITY; i++) {
            assertThat(stream.bufferReader().readInt()).isEqualTo(i);
        }
    }

    private static void endAndReadTheRest(Stream stream) {
        stream.bufferWriter().writeInt(7);
        stream.flush(true);
        assertThat(stream.bufferReader().readInt()).isEqualTo(7);
        assertThatThrownBy(() -> stream.bufferReader().readByte())
                .isInstanceOfSatisfying(
                        StreamClosedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.END_OF_STREAM));
    }

    /** Opens a session whose queues have carried as many elements as their counters say. */
    private ShmipcSession connect(ShmipcConfig like, long counter) throws IOException {
        ShmipcAddress address = duo.listener().address();
        ShmipcConfig config = like.toBuilder().queueCapacity(QUEUE_CAPACITY).build();
        SharedRegion region = SharedRegion.create(config, config.pathPrefix() + "_buffer");
        SharedMemory queues = SharedMemory.create(
                config.memoryType(),
                config.pathPrefix() + "_queue",
                QueuePair.mappingBytes(QUEUE_CAPACITY),
                config.fileMode());
        QueueLayout layout = QueueLayout.ofThisMachine();
        ByteBuffer words = queues.bytes().duplicate().order(ByteOrder.nativeOrder());
        for (int queue : new int[] {0, words.capacity() / 2}) {
            words.putLong(queue + layout.head(), counter).putLong(queue + layout.tail(), counter);
        }
        SessionMemory memory = new SessionMemory(
                region,
                queues,
                QueuePair.format(queues.bytes(), QUEUE_CAPACITY),
                queues::release,
                region.memory()::release);
        Connection connection = new Connection(
                Sockets.connectUnix(address.target(), Duration.ofSeconds(20).toNanos()),
                address,
                address,
                config.connectionWriteTimeout());
        ClientHandshake.perform(connection, config.memoryType(), memory, Duration.ofSeconds(20));
        return ShmipcSession.begin(true, config, connection, memory, new SessionListener() {}, Integer.MAX_VALUE);
    }
}
