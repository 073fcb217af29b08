package io.shmipc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shmipc.MemoryType;
import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.server.Listener;
import io.shmipc.server.ListenerConfig;
import io.shmipc.session.Echo;
import io.shmipc.session.Payload;
import io.shmipc.shm.QueuePair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queues whose file has a name that the user chose. */
@Timeout(60)
class QueuePathTests {

    private static final int CAPACITY = 64;

    @TempDir
    Path directory;

    private List<Path> generatedQueues() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("memory_.*_queue_\\d+"))
                    .toList();
        }
    }

    @Test
    void theFirstSessionsQueuesHaveTheNameThatWasChosen() throws IOException {
        Path chosen = directory.resolve("chosen");
        ShmipcConfig config = ShmipcConfig.builder()
                .memoryType(MemoryType.FILE)
                .regionBytes(ShmipcConfig.MIN_REGION_BYTES)
                .pathPrefix(directory.resolve("memory").toString())
                .queueCapacity(CAPACITY)
                .queuePath(chosen.toString())
                .build();
        ShmipcAddress address = ShmipcAddress.unix(directory.resolve("socket"));
        try (Listener listener = new Listener(
                stream -> stream.setCallbacks(new Echo(stream)),
                ListenerConfig.builder(address).config(config).build())) {
            listener.start();
            try (SessionManager manager = SessionManager.open(SessionManagerConfig.builder(address)
                    .config(config)
                    .sessions(2)
                    .build())) {
                for (int i = 0; i < 4; i++) {
                    manager.execute(stream -> {
                        Payload.roundTrip(stream, Payload.of(500, 1));
                        return true;
                    });
                }
                assertThat(chosen).isRegularFile().hasSize(QueuePair.mappingBytes(CAPACITY));
                assertThat(generatedQueues()).as("queues of the second session").hasSize(1);

                manager.sessions().get(0).close();
                await().until(() -> !Files.exists(chosen)
                        && manager.sessions().get(0).isHealthy()
                        && generatedQueues().size() == 2);
            }
        }
        assertThat(directory).isEmptyDirectory();
    }
}
