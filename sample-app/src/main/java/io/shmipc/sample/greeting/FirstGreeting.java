package io.shmipc.sample.greeting;

import io.shmipc.ShmipcException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Prints one greeting when the application has started. */
@Component
@Profile("client | single")
class FirstGreeting implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(FirstGreeting.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long PAUSE_MILLIS = 20;

    private final Greetings greetings;

    FirstGreeting(Greetings greetings) {
        this.greetings = greetings;
    }

    /** The client connects in the background, and a server in this process began to listen only a moment ago. */
    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                Greeting greeting = greetings.greet("newcomer");
                LOG.info("{} Process {} wrote this into shared memory.", greeting.text(), greeting.processId());
                return;
            } catch (ShmipcException e) {
                if (Instant.now().isAfter(end)) {
                    LOG.warn("No greeting yet, the client goes on trying: {}", e.getMessage());
                    return;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }
}
