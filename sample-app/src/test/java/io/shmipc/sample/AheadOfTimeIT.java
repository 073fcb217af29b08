package io.shmipc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar with what was generated ahead of time, and the jar where JNA cannot be loaded. */
@Timeout(180)
class AheadOfTimeIT {

    @TempDir
    Path directory;

    @Test
    void theJarRunsWithWhatWasGeneratedAheadOfTime() throws Exception {
        try (SampleProcess sample = new SampleProcess(
                directory.resolve("aot.log"),
                List.of("-Dspring.aot.enabled=true"),
                "--spring.profiles.active=single",
                "--server.port=0")) {
            sample.awaitLog("Starting AOT-processed SampleApplication");
            String port = sample.awaitLog("Tomcat started on port (\\d+)");
            sample.awaitLog("Hello, newcomer! Process " + sample.pid());

            assertThat(get("http://localhost:" + port + "/greet?name=Ada")).startsWith("Hello, Ada!");
            assertThat(get("http://localhost:" + port + "/actuator/shmipc")).contains("\"state\":\"RUNNING\"");
            sample.terminate();
        }
    }

    @Test
    void aJnaThatCannotBeLoadedIsExplained() throws Exception {
        try (SampleProcess sample = new SampleProcess(
                directory.resolve("jna.log"),
                List.of("-Djna.nounpack=true", "-Djna.nosys=true"),
                "--spring.profiles.active=server",
                "--shmipc.server.address=" + directory.resolve("s.sock"))) {
            assertThat(sample.awaitFailure())
                    .contains("APPLICATION FAILED TO START", "JNA could not be loaded", "-Djna.tmpdir=DIRECTORY");
        }
    }

    private static String get(String uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
