package io.shmipc.spring.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.shmipc.Session;
import io.shmipc.client.SessionManager;
import io.shmipc.spring.boot.autoconfigure.observation.ShmipcCallContext;
import io.shmipc.spring.client.ShmipcTemplate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** One trace over two processes: this one calls, {@link TracedServer} in another one answers. */
@Timeout(120)
class TraceIT {

    @TempDir
    Path directory;

    @Test
    void whatTheServerDoesIsAPartOfTheCallersTrace() throws Exception {
        Path socket = directory.resolve("s.sock");
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TracedServer.class.getName(),
                        "--shmipc.server.address=" + socket,
                        "--management.tracing.sampling.probability=1.0")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        try (ConfigurableApplicationContext client = new SpringApplicationBuilder(Client.class)
                .run(
                        "--shmipc.client.address=" + socket,
                        "--shmipc.client.max-rebuild-interval=100ms",
                        "--management.tracing.sampling.probability=1.0")) {
            SessionManager sessions = client.getBean(SessionManager.class);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> sessions.sessions().stream().anyMatch(Session::isHealthy));
            ShmipcTemplate template = client.getBean(ShmipcTemplate.class);
            Tracer tracer = client.getBean(Tracer.class);
            CallSpans spans = client.getBean(CallSpans.class);

            assertSameTrace(tracer, spans, () -> template.convertSendAndReceive("trace", "", String.class));
            assertSameTrace(
                    tracer,
                    spans,
                    () -> template.convertSendAndReceiveAsync("trace-later", "", String.class)
                            .get(10, TimeUnit.SECONDS));
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static void assertSameTrace(Tracer tracer, CallSpans spans, Callable<String> call) throws Exception {
        Span span = tracer.nextSpan().name("test").start();
        try (Tracer.SpanInScope ignored = tracer.withSpan(span)) {
            String[] answer = call.call().split(" ", 2);
            assertThat(answer[0]).as("trace id").isEqualTo(span.context().traceId());
            TraceContext caller = spans.ids.poll(10, TimeUnit.SECONDS);
            assertThat(caller).as("span of the call").isNotNull();
            assertThat(caller.traceId()).isEqualTo(span.context().traceId());
            assertThat(caller.parentId()).isEqualTo(span.context().spanId());
            assertThat(answer[1]).as("parent of the server's span").isEqualTo(caller.spanId());
        } finally {
            span.end();
        }
    }

    /** Notes the spans of calls when they end. */
    static final class CallSpans implements ObservationHandler<ShmipcCallContext> {

        private final BlockingQueue<TraceContext> ids = new LinkedBlockingQueue<>();

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof ShmipcCallContext;
        }

        @Override
        public void onStop(ShmipcCallContext context) {
            TracingObservationHandler.TracingContext tracing =
                    context.get(TracingObservationHandler.TracingContext.class);
            ids.add(Objects.requireNonNull(tracing).getSpan().context());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(CallSpans.class)
    static class Client {}
}
