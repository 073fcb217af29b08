package io.shmipc.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.sample.SampleProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sample as the README's command starts it, with both of its processes; closing it kills what is left. */
final class Lab implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final SampleProcess process;
    private final Path directory;
    private final URI base;

    Lab(Path directory, String... arguments) throws IOException {
        this.directory = directory;
        process = new SampleProcess(
                directory.resolve("lab.log"),
                List.of(),
                Stream.concat(Stream.of("--server.port=0"), Stream.of(arguments))
                        .toArray(String[]::new));
        base = URI.create("http://localhost:" + process.awaitLog("Open http://localhost:(\\d+)"));
    }

    SampleProcess process() {
        return process;
    }

    URI base() {
        return base;
    }

    /** Waits for the last of the three lines, after which nothing runs. */
    void awaitFirstComparison() {
        process.awaitLog("64 bytes to the server and back: .*");
        awaitIdle();
    }

    void awaitIdle() {
        Awaitility.await().atMost(PATIENCE).until(() -> {
            boolean measuring = get("/measure").path("state").asString().equals("RUNNING");
            return !measuring && get("/break").valueStream().noneMatch(Lab::isRunning);
        });
    }

    /** Breaks, waits for the end, returns the report. */
    JsonNode afterBreaking(String name) throws Exception {
        assertThat(send("POST", "/break/" + name).statusCode()).isEqualTo(202);
        return Awaitility.await().atMost(PATIENCE).until(() -> report(name), report -> !isRunning(report));
    }

    private JsonNode report(String name) throws Exception {
        return get("/break")
                .valueStream()
                .filter(report -> report.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isRunning(JsonNode report) {
        return report.path("state").asString().equals("RUNNING");
    }

    JsonNode get(String path) throws Exception {
        return json.readTree(send("GET", path).body());
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** Returns what the processes have put into their temporary directory beside the log. */
    List<Path> leftOvers() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.toString().endsWith(".log"))
                    // A JVM that is killed leaves its own file of counters to the next JVM, which removes it.
                    .filter(file -> !file.getFileName().toString().startsWith("hsperfdata"))
                    .toList();
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.children();
        process.close();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
