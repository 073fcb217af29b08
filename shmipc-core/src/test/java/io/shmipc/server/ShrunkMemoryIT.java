package io.shmipc.server;

import io.shmipc.ShmipcAddress;
import io.shmipc.ShmipcConfig;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.interop.ChildProcess;
import io.shmipc.reliability.Figures;
import io.shmipc.reliability.Reliability;
import io.shmipc.session.Duo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that cut the memory short which a server maps: their sessions end, and the server goes on.
 *
 * <p>The server is a JVM that has just started, where such a fault is most dangerous: its interpreter does not survive
 * one on an atomic exchange.
 */
@Reliability
@Timeout(60)
class ShrunkMemoryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CLOSED = 1;
    private static final int CUTS_PER_JVM = 100;

    private final Path directory = Duo.temporaryDirectory();
    private final Random random = new Random(5);
    private ChildProcess server;
    private ShmipcAddress address;

    @BeforeEach
    void startServer() {
        server = ChildProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=/dev/stderr",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.shmipc.interop.JavaPeer"),
                Map.of());
        server.await("HELLO", PATIENCE);
        server.command("serve " + ShmipcAddress.unix(directory.resolve("socket")) + " CALLBACKS");
        address = ShmipcAddress.parse(server.await("READY", PATIENCE));
    }

    @AfterEach
    void stopServer() {
        server.close();
        Duo.delete(directory);
    }

    @Test
    void aServerSurvivesThatItsClientsCutTheirMemoryShort() throws Exception {
        Figures.keep("memory.cut", CUTS_PER_JVM, "mappings cut short in use, the server's JVM survives", figure -> {
            for (int done = 0; done < figure.count(); done++) {
                if (done > 0 && done % CUTS_PER_JVM == 0) {
                    server.close();
                    startServer();
                }
                cutInUse();
                figure.reached(done);
            }
            assertServed();
            return "%,d cut, none died".formatted(figure.count());
        });
    }

    private void cutInUse() throws IOException {
        try (RawClient client = new RawClient(address).shakeHands()) {
            client.openStream(2);
            client.enqueue(2, random.nextBoolean() ? 0 : client.slice(), CLOSED * random.nextInt(2));
            cut(random.nextBoolean() ? client.bufferPath() : client.queuePath());
            client.message(2, RawClient.POLLING);
            client.message(2, RawClient.HOT_RESTART, new byte[8]);
            client.awaitEnd();
        } catch (IOException e) {
            // The server was quicker: it ended the session before it was told to.
        }
        server.requireAlive();
    }

    /** Does not make the file anew where the server was quicker, and has removed it. */
    private void cut(String path) throws IOException {
        try (FileChannel file = FileChannel.open(Path.of(path), StandardOpenOption.WRITE)) {
            file.truncate(random.nextBoolean() ? 0 : 4096);
        }
    }

    private void assertServed() {
        ShmipcConfig config = ShmipcConfig.builder()
                .pathPrefix("/dev/shm/shrunk-" + UUID.randomUUID())
                .build();
        try (SessionManager manager = SessionManager.open(
                SessionManagerConfig.builder(address).config(config).build())) {
            manager.execute(stream -> {
                stream.bufferWriter().writeBytes(new byte[100]);
                stream.flush();
                return stream.isOpen();
            });
        }
        Awaitility.await().atMost(PATIENCE).until(() -> streamsServed() > 0);
    }

    private int streamsServed() {
        server.command("stats");
        return server.awaitJson("STATS", PATIENCE).get("streams").asInt();
    }
}
