package io.shmipc.sample.lines;

import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.message.StreamCodec;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Greets whoever writes a name and a line break: the Go client of sample-app/go does. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("shmipc.listeners.lines.address")
class LineHandler {

    /** Not a default candidate, or it would take the envelope's place for all clients and listeners. */
    @Bean(defaultCandidate = false)
    StreamCodec lineCodec() {
        return new LineCodec();
    }

    @ShmipcListener(listener = "lines", codec = "lineCodec")
    String greet(String name) {
        return "Hello, " + name + "! Process " + ProcessHandle.current().pid() + " wrote this into shared memory.";
    }
}
