package io.shmipc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcConfig;
import io.shmipc.ShmipcException;
import io.shmipc.SliceSize;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.reliability.Figures;
import io.shmipc.reliability.Heap;
import io.shmipc.reliability.Reliability;
import io.shmipc.session.Duo;
import io.shmipc.session.Payload;
import io.shmipc.session.Variant;
import io.shmipc.shm.Vandal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Somebody writes random words over the memory of a session while messages go back and forth on it: that session may
 * end, with a clear error, and the other session of the listener notices nothing.
 *
 * <p>A seed fixes which words get which values; what the traffic does meanwhile is the machine's choice. The same
 * damage without traffic, reproducible in full, is in HostileMemoryTests.
 */
@Reliability
@Timeout(120)
class LiveMutationTests {

    private static final int MUTATIONS_PER_SESSION = 40;
    private static final int LONGEST_PAUSE_NANOS = 50_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Duo bystander;
    private int filesBefore;

    @BeforeEach
    void open() {
        bystander = Duo.of(Variant.USUAL).echo().open();
        assertServed();
        filesBefore = OpenFiles.count();
    }

    @AfterEach
    void nothingIsLost() {
        assertServed();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(OpenFiles.count()).isLessThanOrEqualTo(filesBefore);
            assertThat(bystander.listener().sessions()).hasSize(1);
        });
        bystander.close();
    }

    private void assertServed() {
        bystander.manager().execute(stream -> {
            Payload.roundTrip(stream, Payload.of(1000, 3));
            return true;
        });
    }

    @Test
    void damageUnderTrafficEndsAtMostItsOwnSession() throws Exception {
        Figures.keep("memory.live", 4000, "random mutations of memory under traffic", figure -> {
            Heap heap = Heap.now();
            int ended = 0;
            int sessions = 0;
            for (long done = 0; done < figure.count(); done += MUTATIONS_PER_SESSION) {
                ended += damageOneSession(sessions++) ? 1 : 0;
                assertServed();
                figure.reached(done);
            }
            assertThat(ended).isPositive();
            return "%,d in %,d sessions, %,d of them ended; heap growth %d MB, no other session noticed"
                    .formatted(figure.count(), sessions, ended, heap.grownMegabytes(64));
        });
    }

    /** Returns whether the session ended over it. */
    private boolean damageOneSession(long seed) throws Exception {
        String prefix = "/dev/shm/vandal-" + UUID.randomUUID();
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(MemoryType.FILE)
                .pathPrefix(prefix)
                .regionBytes(1 << 20)
                .sliceSizes(List.of(new SliceSize(4076, 50), new SliceSize(65516, 50)))
                .queueCapacity(64)
                .build();
        SessionManagerConfig managerConfig = SessionManagerConfig.builder(
                        bystander.listener().address())
                .config(config)
                .build();
        Random random = new Random(seed);
        boolean ended;
        try (SessionManager manager = SessionManager.open(managerConfig)) {
            var session = manager.sessions().get(0);
            Vandal vandal = new Vandal(mapped(prefix, "_buffer"), mapped(prefix, "_queue_0"));
            CountDownLatch answered = new CountDownLatch(2);
            CompletableFuture<?> traffic = CompletableFuture.allOf(
                    CompletableFuture.runAsync(() -> talk(manager, 900, answered)),
                    CompletableFuture.runAsync(() -> talk(manager, 9000, answered)));
            assertThat(answered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < MUTATIONS_PER_SESSION; i++) {
                if (random.nextBoolean()) {
                    vandal.damageRegion(random, 1);
                } else {
                    vandal.damageQueues(random, 1);
                }
                // Not to wait for anything: damage comes at any moment of a call.
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NANOS));
            }
            traffic.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            ended = session.isClosed();
        } catch (ExecutionException e) {
            throw new AssertionError("seed " + seed, e);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(Duo.filesOf(prefix)).as("seed %d", seed).isEmpty());
        return ended;
    }

    /** Sends messages until nothing comes back any more; nothing but a clear error may come of damage. */
    private static void talk(SessionManager manager, int bytes, CountDownLatch answered) {
        byte[] message = Payload.of(bytes, 1);
        try (Stream stream = manager.getStream()) {
            for (int i = 0; i < 30; i++) {
                stream.setReadDeadline(Instant.now().plusMillis(50));
                stream.setWriteDeadline(Instant.now().plusMillis(50));
                stream.bufferWriter().writeBytes(message);
                stream.flush();
                stream.bufferReader().readBytes(new byte[bytes], 0, bytes);
                stream.bufferReader().releasePreviousRead();
                if (i == 0) {
                    answered.countDown();
                }
            }
        } catch (ShmipcException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static ByteBuffer mapped(String prefix, String suffix) throws IOException {
        Path file = Duo.filesOf(prefix).stream()
                .filter(path -> path.toString().endsWith(suffix))
                .findFirst()
                .orElseThrow();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(MapMode.READ_WRITE, 0, channel.size()).order(ByteOrder.nativeOrder());
        }
    }
}
