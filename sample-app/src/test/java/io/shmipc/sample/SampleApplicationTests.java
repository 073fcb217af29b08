package io.shmipc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.UseMainMethod;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

/** Both halves in one process. */
@SpringBootTest(useMainMethod = UseMainMethod.ALWAYS, webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("single")
@Timeout(60)
class SampleApplicationTests {

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Test
    void greetsThroughSharedMemory() throws Exception {
        HttpResponse<String> response = get("/greet?name=Ada");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .startsWith("Hello, Ada! Process " + ProcessHandle.current().pid());
    }

    @Test
    void greetsPeopleOfAllAlphabets() throws Exception {
        assertThat(get("/greet?name=" + URLEncoder.encode("Ľudmila 梅 🦊", StandardCharsets.UTF_8))
                        .body())
                .startsWith("Hello, Ľudmila 梅 🦊!");
    }

    @Test
    void refusesAMissingOrTooLongNameWithASentence() throws Exception {
        assertRefused("/greet", "The name is missing: call /greet?name=Ada.");
        assertRefused("/greet?name=%20", "The name is missing: call /greet?name=Ada.");
        assertRefused("/greet?name=" + "x".repeat(101), "The name has 101 characters: it may have 100.");
    }

    @Test
    void exposesHealthAndMetrics() throws Exception {
        get("/greet?name=Ada");

        assertThat(get("/actuator/health").body())
                .contains("shmipcClient", "shmipcServer")
                .doesNotContain("DOWN");
        assertThat(get("/actuator/metrics/shmipc.sessions.open").body()).contains("\"role\"", "client", "server");
        assertThat(get("/actuator/prometheus").body())
                .contains("shmipc_session_sent_bytes_total{", "name=\"shmipc\",role=\"client\"");
    }

    private void assertRefused(String path, String sentence) throws Exception {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).contains("\"detail\":\"" + sentence + "\"");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
