package io.shmipc.sample.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the page does, as REST calls. */
@Timeout(180)
class LabIT {

    private static final String SMALL = "?sizes=64,4096&streams=2&rounds=2&roundMillis=20";
    private static final String ENDLESS = "?sizes=64&rounds=50&roundMillis=2000";

    @TempDir
    static Path directory;

    private static Lab lab;

    @BeforeAll
    static void start() throws Exception {
        lab = new Lab(directory);
        lab.awaitFirstComparison();
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @BeforeEach
    void awaitIdle() {
        lab.awaitIdle();
    }

    @Test
    void startsWithThreeLinesOnTheConsole() {
        assertThat(lab.process().log())
                .containsPattern("Open http://localhost:\\d+ \\(web application: process \\d+, server: process \\d+;")
                .containsPattern("Memory: both processes map a region of 8 MiB and two queues of 8192 messages")
                .containsPattern("shared memory [0-9.]+ µs · Unix socket [0-9.]+ µs · TCP [0-9.]+ µs");
    }

    @Test
    void greetsThroughTheOtherProcess() throws Exception {
        assertThat(lab.process().children()).hasSize(1);
        assertThat(lab.send("GET", "/greet?name=Ada").body())
                .startsWith(
                        "Hello, Ada! Process " + lab.process().children().get(0).pid() + " wrote");
    }

    @Test
    void measuresEachSizeThroughEachTransport() throws Exception {
        assertThat(lab.send("POST", "/measure" + SMALL).statusCode()).isEqualTo(202);
        lab.awaitIdle();

        JsonNode measured = lab.get("/measure");
        assertThat(measured.path("state").asString()).as(measured.toString()).isEqualTo("DONE");
        assertThat(measured.path("results").valueStream().map(LabIT::cell))
                .containsExactlyInAnyOrder(
                        "shared-memory 64",
                        "unix-socket 64",
                        "tcp 64",
                        "shared-memory 4096",
                        "unix-socket 4096",
                        "tcp 4096");
        assertThat(measured.path("results").valueStream()).allSatisfy(result -> {
            assertThat(result.path("roundTrips").asLong()).isPositive();
            assertThat(result.path("p50Micros").asDouble()).isPositive();
            assertThat(result.path("p99Micros").asDouble())
                    .isGreaterThanOrEqualTo(result.path("p50Micros").asDouble());
        });
        HttpResponse<String> csv = lab.send("GET", "/measure.csv");
        assertThat(csv.headers().firstValue("Content-Type")).hasValue("text/csv;charset=UTF-8");
        assertThat(csv.body().lines())
                .hasSize(7)
                .first()
                .asString()
                .startsWith("transport,bytes,streams,roundTrips,p50Micros");
    }

    private static String cell(JsonNode result) {
        return result.path("transport").asString() + " " + result.path("bytes").asInt();
    }

    @Test
    void refusesASecondStartAndCancelsTheFirst() throws Exception {
        assertThat(lab.send("POST", "/measure" + ENDLESS).statusCode()).isEqualTo(202);

        for (String second : new String[] {"/measure", "/break/kill-server"}) {
            HttpResponse<String> refused = lab.send("POST", second);
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("Now is the turn of a measurement: wait until it is done");
        }

        assertThat(lab.send("DELETE", "/measure").statusCode()).isEqualTo(200);
        lab.awaitIdle();
        assertThat(lab.get("/measure").path("state").asString()).isEqualTo("CANCELLED");
    }

    @Test
    void refusesWhatCannotBeMeasuredWithASentence() throws Exception {
        assertRefused("?sizes=0", "A size is 0: it can be from 1 to 1048576.");
        assertRefused("?sizes=64&streams=17", "The number of streams is 17: it can be from 1 to 16.");
        assertRefused("?sizes=1048576&streams=16", "16 streams with 1048576 bytes each are more than 8388608 bytes");
        assertRefused("?sizes=1,2,3,4,5,6,7,8,9", "There are 9 sizes: name 1 to 8");
    }

    private static void assertRefused(String query, String sentence) throws Exception {
        HttpResponse<String> response = lab.send("POST", "/measure" + query);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains(sentence);
    }

    @Test
    void aKilledServerIsReplacedAndCallsFailClearlyMeanwhile() throws Exception {
        long before = lab.process().children().get(0).pid();

        JsonNode report = lab.afterBreaking("kill-server");

        assertThat(report.path("state").asString()).as(report.toString()).isEqualTo("DONE");
        assertThat(report.path("facts").path("Without a server").asString()).matches("\\d+ ms");
        assertThat(report.path("facts").path("Calls that failed").asInt()).isPositive();
        assertLongestCallBelow(1_000, report, "Longest call");
        assertThat(report.path("verdict").asString())
                .contains("failed within "
                        + report.path("facts").path("Longest call").asString());
        assertThat(report.path("steps").toString()).contains("The first call fails: ");
        assertThat(lab.process().children()).hasSize(1).noneMatch(child -> child.pid() == before);
    }

    private static void assertLongestCallBelow(int limitMillis, JsonNode report, String fact) {
        String longest = report.path("facts").path(fact).asString();
        assertThat(longest).matches("\\d+ ms");
        assertThat(Integer.parseInt(longest.replace(" ms", ""))).isLessThanOrEqualTo(limitMillis);
    }

    @Test
    void aHotRestartUnderLoadLosesNoCall() throws Exception {
        JsonNode report = lab.afterBreaking("hot-restart");

        assertThat(report.path("state").asString()).as(report.toString()).isEqualTo("DONE");
        assertThat(report.path("facts").path("Lost calls").asString()).isEqualTo("0");
        assertThat(report.path("facts").path("Calls answered").asInt()).isGreaterThan(1_000);
        Awaitility.await().until(() -> lab.process().children().size() == 1);
        assertThat(lab.send("POST", "/measure" + SMALL).statusCode()).isEqualTo(202);
        lab.awaitIdle();
        JsonNode measured = lab.get("/measure");
        assertThat(measured.path("state").asString()).as(measured.toString()).isEqualTo("DONE");
    }

    @Test
    void withoutMemoryMessagesTakeTheSocketAndTheBreakerOpensAndCloses() throws Exception {
        JsonNode report = lab.afterBreaking("exhaust-memory");

        assertThat(report.path("state").asString()).as(report.toString()).isEqualTo("DONE");
        assertThat(report.path("facts").path("Through the socket").asString()).matches("[1-9]\\d* messages");
        assertThat(report.path("steps").toString()).contains("ran out of shared memory and opens no streams");
        assertThat(lab.get("/actuator/health").path("status").asString()).isEqualTo("UP");
    }

    @Test
    void aSlowHandlerHoldsUpNobodyElse() throws Exception {
        JsonNode report = lab.afterBreaking("slow-handler");

        assertThat(report.path("state").asString()).as(report.toString()).isEqualTo("DONE");
        assertThat(report.path("facts").path("Slow calls timed out").asString()).isEqualTo("8 of 8");
        assertThat(report.path("facts").path("Other calls that failed").asString())
                .isEqualTo("0");
        assertLongestCallBelow(1_500, report, "Longest of the others");
    }

    @Test
    void whatCannotBeBrokenIsNotFound() throws Exception {
        HttpResponse<String> unknown = lab.send("POST", "/break/everything");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body())
                .contains("Nothing is called everything", "kill-server, hot-restart, exhaust-memory, slow-handler");
    }

    @Test
    void onlyThisMachineReachesIt() throws Exception {
        // Whoever listens on all addresses has this one, too, with or without a network.
        List<InetAddress> others = new ArrayList<>(List.of(InetAddress.getByName("127.0.0.2")));
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .forEach(others::add);

        for (InetAddress address : others) {
            InetSocketAddress there = new InetSocketAddress(address, lab.base().getPort());
            try (Socket socket = new Socket()) {
                assertThatThrownBy(() -> socket.connect(there, 5_000))
                        .as(there.toString())
                        .isInstanceOf(ConnectException.class);
            }
        }
    }

    @Test
    void aNameThatSomebodyElseGaveToThisMachineIsRefused() throws Exception {
        int port = lab.base().getPort();
        assertThat(post("/break/kill-server", "evil.example:" + port)).isEqualTo("HTTP/1.1 403 ");
        assertThat(post("/break/nothing", "localhost:" + port)).isEqualTo("HTTP/1.1 404 ");
    }

    /** Posts with a Host that Java's client would not send; returns the first line of the answer. */
    private static String post(String path, String host) throws IOException {
        try (Socket socket = new Socket(lab.base().getHost(), lab.base().getPort())) {
            String request = "POST " + path + " HTTP/1.1\r\nHost: " + host
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(0, answer.indexOf("\r\n"));
        }
    }

    @Test
    void anotherWebSiteCannotBreakAnything() throws Exception {
        assertThat(lab.send("POST", "/break/kill-server", "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(lab.send("POST", "/break/slow-handler", "Origin", lab.base().toString())
                        .statusCode())
                .isEqualTo(202);
    }
}
