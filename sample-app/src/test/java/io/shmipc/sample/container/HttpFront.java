package io.shmipc.sample.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** What a client answers over HTTP on a port of this machine. */
final class HttpFront {

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;

    HttpFront(int port) {
        base = URI.create("http://127.0.0.1:" + port);
    }

    /** Calls the client, which calls the server through shared memory. */
    HttpResponse<String> greet() throws IOException, InterruptedException {
        return get("/greet?name=Ada");
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Waits for a greeting; where none comes the failure shows the logs. */
    void await(Supplier<String> logs) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> {
                    HttpResponse<String> answer = greet();
                    assertThat(answer.statusCode())
                            .as(() -> answer.body() + "\n" + logs.get())
                            .isEqualTo(200);
                    assertThat(answer.body()).startsWith("Hello, Ada!");
                });
    }
}
