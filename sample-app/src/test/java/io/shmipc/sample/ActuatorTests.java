package io.shmipc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.Session;
import io.shmipc.Stream;
import io.shmipc.client.SessionManager;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.UseMainMethod;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

/** What operators see and do, over HTTP and JMX. */
@SpringBootTest(
        useMainMethod = UseMainMethod.ALWAYS,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=shmipc"})
@ActiveProfiles("single")
@Timeout(60)
class ActuatorTests {

    private static final HttpRequest.BodyPublisher NOTHING = BodyPublishers.noBody();

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private SessionManager sessions;

    @Autowired
    private MBeanServer jmx;

    @Test
    void showsSessionsOverHttpWithoutAddresses() throws Exception {
        Session session = connected();

        assertThat(send("GET", "/actuator/shmipc").body())
                .contains(
                        "\"clients\":{\"shmipc\":{\"address\":\"******\"",
                        "\"listeners\":{\"server\":{\"address\":\"******\",\"state\":\"RUNNING\"",
                        "\"id\":\"" + session.id() + "\",\"state\":\"HEALTHY\"");
    }

    @Test
    void showsTheStreamsOfASessionAndTheMemoryOverHttp() throws Exception {
        Session session = connected();
        try (Stream stream = session.openStream()) {
            stream.flush(true);

            assertThat(send("GET", "/actuator/shmipc/" + session.id()).body())
                    .startsWith("{\"session\":{\"id\":\"" + session.id() + "\",\"state\":\"HEALTHY\"")
                    .contains("{\"id\":" + stream.id()
                            + ",\"unreadBytes\":0,\"inputEnded\":false,\"outputEnded\":true,\"peerClosed\":false,"
                            + "\"fallback\":false,\"pooled\":false}");
        }
        assertThat(send("GET", "/actuator/shmipc/inspection?watch=20ms").body())
                .startsWith("{\"regions\":[{\"name\":\"******\"");
        assertThat(send("GET", "/actuator/shmipc/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void closesASessionOverHttp() throws Exception {
        Session session = connected();

        assertThat(send("DELETE", "/actuator/shmipc/" + session.id()).statusCode())
                .isEqualTo(200);

        assertThat(session.isClosed()).isTrue();
        assertThat(send("DELETE", "/actuator/shmipc/" + session.id()).statusCode())
                .isEqualTo(404);
        assertThat(connected()).isNotSameAs(session);
    }

    @Test
    void refusesAHotRestartWithoutASuccessorOverHttp() throws Exception {
        connected();

        assertThat(send("POST", "/actuator/shmipc/nobody").statusCode()).isEqualTo(404);
        HttpResponse<String> refused = send("POST", "/actuator/shmipc/server");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("\"moved\":false", "No other process listens on");
    }

    @Test
    void theOperationsAreReachedThroughJmx() throws Exception {
        Session session = connected();
        ObjectName name = jmx.queryNames(new ObjectName("*:type=Endpoint,name=Shmipc,*"), null)
                .iterator()
                .next();
        assertThat(Arrays.stream(jmx.getMBeanInfo(name).getOperations()).map(MBeanOperationInfo::getName))
                .containsExactlyInAnyOrder("shmipc", "inspect", "hotRestart", "closeSession");

        assertThat(jmx.invoke(name, "shmipc", new Object[0], new String[0]))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Map.class))
                .containsKeys("clients", "listeners");
        assertThat(jmx.invoke(name, "inspect", new Object[] {session.id(), null}, new String[] {
                    String.class.getName(), Duration.class.getName()
                }))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsKeys("session", "streams");
        jmx.invoke(name, "closeSession", new Object[] {session.id()}, new String[] {String.class.getName()});

        assertThat(session.isClosed()).isTrue();
    }

    @Test
    void tellsWhatItIsMadeOf() throws Exception {
        assertThat(send("GET", "/actuator/info").body())
                .contains("\"shmipc\":{", "\"memoryType\":\"memfd\"", "\"listeners\":{\"server\":")
                .doesNotContain("greetings.sock");
    }

    @Test
    void readinessIsPartOfTheHealth() throws Exception {
        assertThat(send("GET", "/actuator/health/readiness").body()).contains("\"status\":\"UP\"");
    }

    private Session connected() {
        return Awaitility.await()
                .until(
                        () -> sessions.sessions().stream()
                                .filter(Session::isHealthy)
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).method(method, NOTHING).build(), BodyHandlers.ofString());
    }
}
