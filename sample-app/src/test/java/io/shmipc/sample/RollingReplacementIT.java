package io.shmipc.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.ShmipcAddress;
import io.shmipc.client.SessionManager;
import io.shmipc.client.SessionManagerConfig;
import io.shmipc.spring.client.ShmipcTemplate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Server processes that replace each other while this process calls them without a pause: no call may fail. */
@Timeout(180)
class RollingReplacementIT {

    private static final int CALLERS = 4;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    @Test
    void aServerThatIsToldToEndSendsItsClientsToItsSuccessor() throws Exception {
        try (SampleProcess first = server("first");
                Load load = new Load(ready(first))) {
            load.awaitAnswersOf(first);
            try (SampleProcess second = ready(server("second"))) {
                first.terminate();
                load.awaitAnswersOf(second);
                try (SampleProcess third = ready(server("third"))) {
                    second.terminate();
                    load.awaitAnswersOf(third);
                    load.finish();
                    third.terminate();
                }
            }
        }
    }

    @Test
    void anOperatorSendsTheClientsToTheSuccessorThroughTheActuator() throws Exception {
        try (SampleProcess first = server("first", "--spring.main.web-application-type=servlet", "--server.port=0");
                Load load = new Load(ready(first))) {
            load.awaitAnswersOf(first);
            URI actuator = URI.create(
                    "http://localhost:" + first.awaitLog("Tomcat started on port (\\d+)") + "/actuator/shmipc/server");
            try (SampleProcess second = ready(server("second"))) {
                HttpResponse<String> restart = http.send(
                        HttpRequest.newBuilder(actuator)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(restart.body()).contains("\"moved\":true");
                load.awaitAnswersOf(second);
                first.terminate();
                load.finish();
                second.terminate();
            }
        }
    }

    private SampleProcess server(String name, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--spring.profiles.active=server",
                "--shmipc.server.address=" + socket(),
                "--shmipc.server.take-over=true"));
        all.addAll(List.of(arguments));
        return new SampleProcess(directory.resolve(name + ".log"), all.toArray(String[]::new));
    }

    private static SampleProcess ready(SampleProcess server) {
        server.awaitLog("Listener 'server' serves");
        return server;
    }

    private Path socket() {
        return directory.resolve("greet.sock");
    }

    /** Calls from several threads, each as fast as it is answered. */
    private final class Load implements AutoCloseable {

        private final SessionManager sessions;
        private final ShmipcTemplate template;
        private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        private final List<Future<?>> callers = new ArrayList<>();
        private final AtomicBoolean done = new AtomicBoolean();
        private final AtomicLong lastAnswerFrom = new AtomicLong();

        Load(SampleProcess server) {
            assertThat(server.pid()).isPositive();
            sessions = SessionManager.open(SessionManagerConfig.builder(ShmipcAddress.unix(socket()))
                    .sessions(2)
                    .build());
            template = ShmipcTemplate.builder(sessions).timeout(CALL_TIMEOUT).build();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(this::callUntilDone));
            }
        }

        private void callUntilDone() {
            while (!done.get()) {
                String greeting = template.convertSendAndReceive("greeting.greet", "Ada", String.class);
                String pid = greeting.replaceAll(".*\"processId\":(\\d+).*", "$1");
                lastAnswerFrom.set(Long.parseLong(pid));
            }
        }

        void awaitAnswersOf(SampleProcess server) throws Exception {
            Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> {
                assertNoCallFailed();
                return lastAnswerFrom.get() == server.pid();
            });
        }

        void finish() throws Exception {
            done.set(true);
            for (Future<?> caller : callers) {
                caller.get(10, TimeUnit.SECONDS);
            }
        }

        private void assertNoCallFailed() throws Exception {
            for (Future<?> caller : callers) {
                if (caller.isDone()) {
                    caller.get();
                }
            }
        }

        @Override
        public void close() {
            done.set(true);
            threads.shutdownNow();
            sessions.close();
        }
    }
}
