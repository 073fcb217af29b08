package io.shmipc.sample.greeting;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.spring.boot.test.autoconfigure.ShmipcTest;
import io.shmipc.spring.client.ShmipcOperations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ActiveProfiles;

/** The handler alone, without a web server, through real shared memory. */
@ShmipcTest(GreetingHandler.class)
@ActiveProfiles("single")
@Timeout(60)
class GreetingHandlerTests {

    @Autowired
    private ShmipcOperations shmipc;

    @Test
    void greetsByName() {
        assertThat(shmipc.convertSendAndReceive("greeting.greet", "Ada", Greeting.class))
                .isEqualTo(new Greeting("Hello, Ada!", ProcessHandle.current().pid()));
    }
}
