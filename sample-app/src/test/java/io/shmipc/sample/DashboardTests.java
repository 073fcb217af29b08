package io.shmipc.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.Session;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.client.ShmipcRemoteException;
import io.shmipc.spring.client.ShmipcTemplate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

/** Every query of the dashboard finds its metrics, with the labels and values it asks for, in what the sample exposes. */
@SpringBootTest(useMainMethod = UseMainMethod.ALWAYS, webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("single")
@Timeout(60)
class DashboardTests {

    private static final Path DASHBOARD = Path.of("..", "docs", "grafana", "shmipc.json");

    /** Prometheus adds them when it scrapes. */
    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "instance");

    private static final Pattern METRIC = Pattern.compile("shmipc_\\w+");
    private static final Pattern SELECTOR = Pattern.compile("(shmipc_\\w+)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\) \\((?:\\w+\\()?(shmipc_\\w+)");
    private static final Pattern SAMPLE = Pattern.compile("(shmipc_\\w+)\\{(.*)} \\S+");

    /** One line of a scrape. */
    private record Sample(String metric, Map<String, String> labels) {}

    /** What a query wants of one label, by the operators of Prometheus: a label that is not there is empty. */
    private record LabelMatcher(String label, String operator, String value) {

        boolean accepts(Sample sample) {
            String actual = sample.labels().getOrDefault(label, "");
            return switch (operator) {
                case "=" -> actual.equals(value);
                case "!=" -> !actual.equals(value);
                case "=~" -> actual.matches(value);
                default -> !actual.matches(value);
            };
        }
    }

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
    void everyQueryFindsItsMetricsWithTheLabelsAndValues() throws Exception {
        Awaitility.await().until(() -> sessions.sessions().stream().anyMatch(Session::isHealthy));
        assertThat(template.convertSendAndReceive("echo", "Ada", String.class)).isEqualTo("Ada");
        List<String> queries = queries();
        assertThat(queries).hasSizeGreaterThan(20);

        assertThatExceptionOfType(ShmipcRemoteException.class)
                .isThrownBy(() -> template.convertSendAndReceive("nowhere", "Ada", String.class));

        Awaitility.await().untilAsserted(() -> {
            List<Sample> scrape = scrape();
            assertThat(queries)
                    .allSatisfy(query -> assertThat(missing(query, scrape)).isEmpty());
        });
    }

    /** A query that names a metric without a selector mixes the applications that the page is not about. */
    @Test
    void everyMetricHasASelectorOfTheChosenApplications() {
        assertThat(queries()).allSatisfy(query -> {
            assertThat(METRIC.matcher(SELECTOR.matcher(query).replaceAll("")).results())
                    .isEmpty();
            assertThat(SELECTOR.matcher(query).results().map(selector -> selector.group(2)))
                    .allSatisfy(labels ->
                            assertThat(labels).contains("job=~\"$job\"").contains("instance=~\"$instance\""));
        });
    }

    private static List<String> queries() {
        return new JsonMapper()
                .readTree(DASHBOARD.toFile()).findValues("expr").stream()
                        .map(JsonNode::asString)
                        .toList();
    }

    /** Returns the selectors of a query that no sample of the scrape answers. */
    private static List<String> missing(String query, List<Sample> scrape) {
        List<MatchResult> selectors = SELECTOR.matcher(query).results().toList();
        assertThat(selectors).as(query).isNotEmpty();
        return selectors.stream()
                .filter(selector -> {
                    String metric = selector.group(1);
                    List<LabelMatcher> matchers = matchers(selector.group(2));
                    Set<String> labels = labels(query, metric);
                    matchers.forEach(matcher -> labels.add(matcher.label()));
                    return scrape.stream()
                            .noneMatch(sample -> sample.metric().equals(metric)
                                    && sample.labels().keySet().containsAll(labels)
                                    && matchers.stream().allMatch(matcher -> matcher.accepts(sample)));
                })
                .map(MatchResult::group)
                .toList();
    }

    private static List<LabelMatcher> matchers(String selector) {
        return MATCHER.matcher(selector)
                .results()
                .map(match -> new LabelMatcher(match.group(1), match.group(2), match.group(3)))
                .filter(matcher -> !LABELS_OF_PROMETHEUS.contains(matcher.label()))
                .toList();
    }

    /** Returns the labels that the query groups the metric by. */
    private static Set<String> labels(String query, String metric) {
        return GROUPING.matcher(query)
                .results()
                .filter(grouping -> grouping.group(2).equals(metric))
                .flatMap(grouping -> Stream.of(grouping.group(1).split(",\\s*", -1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<Sample> sample(String line) {
        return SAMPLE.matcher(line)
                .results()
                .map(sample -> new Sample(
                        sample.group(1),
                        MATCHER.matcher(sample.group(2))
                                .results()
                                .collect(Collectors.toMap(label -> label.group(1), label -> label.group(3)))));
    }

    private List<Sample> scrape() throws Exception {
        URI uri = URI.create("http://localhost:" + port + "/actuator/prometheus");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .flatMap(DashboardTests::sample)
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
