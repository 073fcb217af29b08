package io.shmipc.sample.greeting;

import io.shmipc.spring.annotation.ShmipcListener;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The server's half: greets by name. */
@Component
@Profile("server | single")
class GreetingHandler {

    private final long processId = ProcessHandle.current().pid();

    /** Called for each message with this route, of any client; what it returns is the reply. */
    @ShmipcListener(route = "greeting.greet")
    Greeting greet(String name) {
        return new Greeting("Hello, " + name + "!", processId);
    }
}
