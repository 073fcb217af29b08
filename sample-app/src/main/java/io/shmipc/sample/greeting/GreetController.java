package io.shmipc.sample.greeting;

import io.shmipc.ShmipcException;
import io.shmipc.spring.client.ShmipcRemoteException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** {@code GET /greet?name=…}: answers over HTTP what the server answered through shared memory. */
@RestController
@Profile("!server")
class GreetController {

    private static final int MAX_NAME_LENGTH = 100;

    private final Greetings greetings;

    GreetController(Greetings greetings) {
        this.greetings = greetings;
    }

    @GetMapping(path = "/greet", produces = MediaType.TEXT_PLAIN_VALUE)
    String greet(@RequestParam(required = false) @Nullable String name) {
        if (name == null || name.isBlank()) {
            throw badRequest("The name is missing: call /greet?name=Ada.");
        }
        if (name.length() > MAX_NAME_LENGTH) {
            throw badRequest("The name has " + name.length() + " characters: it may have " + MAX_NAME_LENGTH + ".");
        }
        Greeting greeting = greetings.greet(name);
        return greeting.text() + " Process " + greeting.processId() + " wrote this into shared memory.";
    }

    /** The server is down, restarting or overloaded: nothing is wrong with the request. */
    @ExceptionHandler({ShmipcException.class, ShmipcRemoteException.class})
    ProblemDetail unavailable(RuntimeException failure) {
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "The greeting server does not answer: " + failure.getMessage());
    }

    private static ResponseStatusException badRequest(String sentence) {
        return new ResponseStatusException(HttpStatus.BAD_REQUEST, sentence);
    }
}
