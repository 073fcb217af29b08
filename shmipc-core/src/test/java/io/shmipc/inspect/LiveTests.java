package io.shmipc.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shmipc.BufferReader;
import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.SliceSize;
import io.shmipc.Stream;
import io.shmipc.StreamCallbacks;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Inspects memory that this process shares with itself. */
@Timeout(120)
class LiveTests {

    private static final long THIS_PROCESS = ProcessHandle.current().pid();
    private static final int CALLERS = 2;
    private static final int LOOKS = 40;

    @TempDir
    Path directory;

    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong calls = new AtomicLong();

    @AfterEach
    void stopCallers() throws InterruptedException {
        stop.set(true);
        callers.shutdown();
        assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(MemoryType.class)
    void aBusyProcessHasNoProblemsHoweverOftenItIsInspected(MemoryType type) throws Exception {
        try (Listener listener = listen();
                SessionManager manager = connect(type, 2)) {
            List<Future<?>> loads = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                loads.add(callers.submit(() -> {
                    while (!stop.get()) {
                        call(manager, calls.incrementAndGet());
                    }
                }));
            }
            await().until(() -> calls.get() > 100);

            for (int i = 0; i < LOOKS; i++) {
                Inspection inspection = own(Inspection.ofProcess(THIS_PROCESS));
                assertThat(inspection.problems()).isEmpty();
                assertThat(inspection.regions()).hasSize(1);
                assertThat(inspection.queuePairs()).hasSize(2);
            }
            long before = calls.get();
            await().until(() -> calls.get() > before + 100);

            stop.set(true);
            for (Future<?> load : loads) {
                load.get(30, TimeUnit.SECONDS);
            }
            assertThat(listener.isRunning()).isTrue();
        }
    }

    @Test
    void busyFilesCanBeInspectedByName() throws Exception {
        try (Listener listener = listen();
                SessionManager manager = connect(MemoryType.FILE, 1)) {
            Future<?> load = callers.submit(() -> {
                while (!stop.get()) {
                    call(manager, calls.incrementAndGet());
                }
            });
            await().until(() -> calls.get() > 100);
            List<Path> files = memoryFiles();
            assertThat(files).hasSize(2);

            for (int i = 0; i < LOOKS; i++) {
                for (Path file : files) {
                    Inspection inspection = Inspection.ofFile(file);
                    assertThat(inspection.problems()).isEmpty();
                    boolean region = file.toString().endsWith("_buffer");
                    assertThat(inspection.regions()).hasSize(region ? 1 : 0);
                    assertThat(inspection.queuePairs()).hasSize(region ? 0 : 1);
                }
            }

            stop.set(true);
            load.get(30, TimeUnit.SECONDS);
            assertThat(listener.isRunning()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(MemoryType.class)
    void anIdleSessionShowsTheChainThatAStreamHoldsAndForHowLong(MemoryType type) throws Exception {
        try (Listener listener = listen();
                SessionManager manager = connect(type, 1)) {
            call(manager, 1);
            Stream stream = manager.getStream();
            ByteBuffer held = stream.bufferWriter().reserve(3000);
            held.put(0, (byte) 1);

            Inspection inspection = own(Inspection.ofProcess(THIS_PROCESS, Duration.ofMillis(60)));

            assertThat(inspection.problems()).isEmpty();
            ListReport list = inspection.regions().get(0).lists().get(1);
            assertThat(list.inUseCount()).isEqualTo(1);
            assertThat(list.freeWalked()).isEqualTo(list.capacity() - 1);
            assertThat(list.freeCounted()).isEqualTo(list.capacity() - 1);
            assertThat(list.oldestInUse().orElseThrow().unchangedFor()).isEqualTo(inspection.watched());
            assertThat(inspection.queuePairs().get(0).queues())
                    .allSatisfy(queue -> assertThat(queue.pendingCount()).isZero())
                    .allSatisfy(queue -> assertThat(queue.head()).isPositive());
            assertThat(inspection.toText(true)).contains("at least " + TextReport.seconds(inspection.watched()));

            stream.close();
            await().untilAsserted(() -> assertThat(own(Inspection.ofProcess(THIS_PROCESS))
                            .regions()
                            .get(0)
                            .slicesInUse())
                    .isZero());
            assertThat(listener.isRunning()).isTrue();
        }
    }

    @Test
    void aProcessThatIsGoneIsSaidToBeGone() throws Exception {
        Process child = new ProcessBuilder("true").start();
        child.waitFor();

        assertThatThrownBy(() -> Inspection.ofProcess(child.pid()))
                .isInstanceOf(InspectionException.class)
                .hasMessage("There is no process " + child.pid() + " on this machine.");
    }

    @Test
    void aProcessWithoutSharedMemoryIsSaidToHaveNone() throws Exception {
        Process child = new ProcessBuilder("cat").start();
        try {
            assertThatThrownBy(() -> Inspection.ofProcess(child.pid()))
                    .isInstanceOf(InspectionException.class)
                    .hasMessage("Process " + child.pid() + " shares no shmipc memory.");
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    /** Leaves out what other tests of this JVM may have left to the garbage collector. */
    private Inspection own(Inspection inspection) {
        String prefix = directory.getFileName().toString();
        return new Inspection(
                inspection.target(),
                inspection.watched(),
                inspection.regions().stream()
                        .filter(region -> region.name().contains(prefix))
                        .toList(),
                inspection.queuePairs().stream()
                        .filter(queues -> queues.name().contains(prefix))
                        .toList(),
                inspection.unrecognised());
    }

    private List<Path> memoryFiles() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("memory"))
                    .toList();
        }
    }

    private SessionManager connect(MemoryType type, int sessions) {
        String prefix = directory.resolve("memory-" + directory.getFileName()).toString();
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(type)
                .regionBytes(1 << 20)
                .queueCapacity(64)
                .sliceSizes(List.of(new SliceSize(1004, 50), new SliceSize(4076, 50)))
                .pathPrefix(prefix)
                .build();
        return SessionManager.open(SessionManagerConfig.builder(address())
                .config(config)
                .sessions(sessions)
                .build());
    }

    private ShmipcAddress address() {
        return ShmipcAddress.unix(directory.resolve("server.sock"));
    }

    private Listener listen() {
        ShmipcConfig config = ShmipcConfig.builder()
                .pathPrefix(directory.resolve("memory").toString())
                .build();
        Listener listener = new Listener(
                LiveTests::echo,
                ListenerConfig.builder(address()).config(config).build());
        listener.start();
        return listener;
    }

    /** Sends a message of up to three slices and expects it back. */
    private static void call(SessionManager manager, long number) {
        byte[] message = new byte[(int) (number * 37 % 9000) + 1];
        message[0] = (byte) number;
        byte[] reply = manager.execute(stream -> {
            stream.bufferWriter().writeInt(message.length);
            stream.bufferWriter().writeBytes(message);
            stream.flush();
            byte[] bytes = new byte[stream.bufferReader().readInt()];
            stream.bufferReader().readBytes(bytes, 0, bytes.length);
            stream.bufferReader().releasePreviousRead();
            return bytes;
        });
        assertThat(reply).isEqualTo(message);
    }

    private static void echo(Stream stream) {
        stream.setCallbacks(new StreamCallbacks() {
            @Override
            public void onData(BufferReader reader) {
                int length = reader.length();
                byte[] bytes = new byte[length];
                reader.readBytes(bytes, 0, length);
                reader.releasePreviousRead();
                stream.bufferWriter().writeBytes(bytes);
                stream.flush();
            }

            @Override
            public void onLocalClose() {}

            @Override
            public void onRemoteClose() {}
        });
    }
}
