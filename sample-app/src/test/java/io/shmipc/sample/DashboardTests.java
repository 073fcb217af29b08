package io.shmipc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.Session;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.client.ShmipcTemplate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.UseMainMethod;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every query of the dashboard finds its metrics, with the labels that it asks for, in what the sample exposes. */
@SpringBootTest(useMainMethod = UseMainMethod.ALWAYS, webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("single")
@Timeout(60)
class DashboardTests {

    private static final Path DASHBOARD = Path.of("..", "docs", "grafana", "shmipc.json");

    /** Prometheus adds them when it scrapes. */
    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "instance");

    private static final Pattern SELECTOR = Pattern.compile("(shmipc_\\w+)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*[!=]=?~?\\s*\"");
    private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\) \\((?:\\w+\\()?(shmipc_\\w+)");

    @TempDir
    static Path directory;

    @LocalServerPort
    private int port;

    @Autowired
    @Qualifier("echo")
    private ShmipcTemplate template;

    @Autowired
    @Qualifier("echo")
    private SessionManager sessions;

    @DynamicPropertySource
    static void addresses(DynamicPropertyRegistry registry) {
        registry.add("shmipc.clients.echo.address", () -> "unix:" + directory.resolve("echo.sock"));
        registry.add("shmipc.listeners.echo.address", () -> "unix:" + directory.resolve("echo.sock"));
    }

    @Test
    void everyQueryFindsItsMetricsAndLabels() throws Exception {
        Awaitility.await().until(() -> sessions.sessions().stream().anyMatch(Session::isHealthy));
        assertThat(template.convertSendAndReceive("echo", "Ada", String.class)).isEqualTo("Ada");
        List<String> queries = new JsonMapper()
                .readTree(DASHBOARD.toFile()).findValues("expr").stream()
                        .map(JsonNode::asString)
                        .toList();
        assertThat(queries).hasSizeGreaterThan(20);

        Awaitility.await().untilAsserted(() -> {
            List<String> scrape = scrape();
            assertThat(queries)
                    .allSatisfy(query -> assertThat(missing(query, scrape)).isEmpty());
        });
    }

    /** Returns the metrics, with their labels, that the query asks for and the scrape does not have. */
    private static List<String> missing(String query, List<String> scrape) {
        List<MatchResult> selectors = SELECTOR.matcher(query).results().toList();
        assertThat(selectors).as(query).isNotEmpty();
        return selectors.stream()
                .filter(selector -> {
                    Set<String> labels = labels(selector.group(2));
                    GROUPING.matcher(query)
                            .results()
                            .filter(grouping -> grouping.group(2).equals(selector.group(1)))
                            .forEach(grouping ->
                                    labels.addAll(List.of(grouping.group(1).split(",\\s*", -1))));
                    return scrape.stream().noneMatch(line -> isSample(line, selector.group(1), labels));
                })
                .map(MatchResult::group)
                .toList();
    }

    private static Set<String> labels(String matchers) {
        Set<String> labels = new TreeSet<>();
        LABEL.matcher(matchers).results().map(label -> label.group(1)).forEach(labels::add);
        labels.removeAll(LABELS_OF_PROMETHEUS);
        return labels;
    }

    private static boolean isSample(String line, String metric, Set<String> labels) {
        return line.startsWith(metric + "{")
                && labels.stream()
                        .allMatch(label -> line.contains("{" + label + "=") || line.contains("," + label + "="));
    }

    private List<String> scrape() throws Exception {
        URI uri = URI.create("http://localhost:" + port + "/actuator/prometheus");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .toList();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Echo {

        @ShmipcListener(listener = "echo", route = "echo")
        String echo(String text) {
            return text;
        }
    }
}
