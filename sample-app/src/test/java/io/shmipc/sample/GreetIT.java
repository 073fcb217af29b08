package io.shmipc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.MemoryType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The two halves as two real processes, in whatever order they come and go. */
@Timeout(180)
class GreetIT {

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void clientAndServerMeetThroughAnonymousMemory() throws Exception {
        assertMeet(MemoryType.MEMFD);
    }

    @Test
    void clientAndServerMeetThroughFiles() throws Exception {
        assertMeet(MemoryType.FILE);
    }

    @Test
    void aSingleProcessGreetsTheNewcomerAndLeavesNothingBehind() throws Exception {
        try (SampleProcess sample = new SampleProcess(
                directory.resolve("sample.log"), "--spring.profiles.active=single", "--server.port=0")) {
            sample.awaitLog("Hello, newcomer! Process " + sample.pid());
            assertThat(leftOvers()).isNotEmpty();
            sample.terminate();
        }
        assertThat(leftOvers()).isEmpty();
    }

    @Test
    void anAddressInUseEndsTheSecondServerWithAnExplanation() throws Exception {
        try (SampleProcess first = server("first.log");
                SampleProcess second = server("second.log")) {
            Awaitility.await().until(() -> Stream.of(first, second).anyMatch(this::isExplained));
        }
    }

    private void assertMeet(MemoryType memoryType) throws Exception {
        String prefix = "shmipc-greet-it-" + ProcessHandle.current().pid();
        try (SampleProcess client = new SampleProcess(
                directory.resolve("client.log"),
                "--spring.profiles.active=client",
                "--server.port=0",
                "--shmipc.client.address=" + socket(),
                "--shmipc.client.memory-type=" + memoryType.name().toLowerCase(Locale.ROOT),
                "--shmipc.client.path-prefix=/dev/shm/" + prefix)) {
            URI base = URI.create("http://localhost:" + client.awaitLog("Tomcat started on port (\\d+)"));
            assertUnavailable(base);

            try (SampleProcess server = server("server.log")) {
                awaitGreetingOf(server, base);
                assertThat(get(base, "/greet").statusCode()).isEqualTo(400);
                awaitHealthy(base);
                assertThat(get(base, "/actuator/prometheus").body()).contains("shmipc_session_received_bytes_total");
                server.terminate();
            }
            assertThat(socket()).doesNotExist();
            assertUnavailable(base);

            try (SampleProcess another = server("another.log")) {
                awaitGreetingOf(another, base);
                client.terminate();
                another.terminate();
            }
        }
        assertThat(leftOvers()).isEmpty();
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith(prefix)))
                    .isEmpty();
        }
    }

    private SampleProcess server(String log) throws IOException {
        return new SampleProcess(
                directory.resolve(log), "--spring.profiles.active=server", "--shmipc.server.address=" + socket());
    }

    private void awaitGreetingOf(SampleProcess server, URI base) {
        server.awaitLog("Listener 'server' serves");
        Awaitility.await()
                .untilAsserted(() -> assertThat(get(base, "/greet?name=Ada").body())
                        .startsWith("Hello, Ada! Process " + server.pid() + " "));
    }

    /** An application is ready when its runners have ended, which may be after its first answer. */
    private void awaitHealthy(URI base) {
        Awaitility.await().untilAsserted(() -> {
            HttpResponse<String> health = get(base, "/actuator/health");
            assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
        });
    }

    private void assertUnavailable(URI base) throws Exception {
        HttpResponse<String> response = get(base, "/greet?name=Ada");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("\"detail\":\"The greeting server does not answer: ");
    }

    private boolean isExplained(SampleProcess sample) {
        String log = sample.log();
        return log.contains("APPLICATION FAILED TO START")
                && log.contains("shmipc.server.address")
                && log.contains(socket().toString());
    }

    private HttpResponse<String> get(URI base, String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private Path socket() {
        return directory.resolve("greet.sock");
    }

    /** Returns what the processes have put into their temporary directory beside their logs. */
    private List<Path> leftOvers() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.toString().endsWith(".log")).toList();
        }
    }
}
