package io.shmipc.spring.trace;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.shmipc.spring.annotation.ShmipcListener;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The server process of {@link TraceIT}: answers each message with the trace that it is a part of, and the parent of
 * its span.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(TracedServer.Handler.class)
public class TracedServer {

    public static void main(String[] args) {
        SpringApplication.run(TracedServer.class, args);
    }

    record Handler(Tracer tracer) {

        @ShmipcListener(route = "trace")
        String trace(String ignored) {
            Span span = Objects.requireNonNull(tracer.currentSpan());
            return span.context().traceId() + " " + span.context().parentId();
        }

        @ShmipcListener(route = "trace-later")
        CompletableFuture<String> traceLater(String text) {
            return CompletableFuture.completedFuture(trace(text));
        }
    }
}
