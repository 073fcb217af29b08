package io.shmipc.slice;

import io.shmipc.spring.annotation.ShmipcListener;
import org.springframework.stereotype.Component;

/** Components of the office. */
final class Desks {

    private Desks() {}

    /** Handles messages. */
    @Component
    static class Greeter {

        @ShmipcListener(route = "greet")
        String greet(String name) {
            return "Hello, " + name;
        }
    }

    /** Handles others. */
    @Component
    static class Echo {

        @ShmipcListener(route = "echo")
        String echo(String text) {
            return text;
        }
    }

    /** Has nothing to do with shmipc. */
    @Component
    static class Archive {}
}
