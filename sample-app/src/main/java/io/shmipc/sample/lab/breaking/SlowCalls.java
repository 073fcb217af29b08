package io.shmipc.sample.lab.breaking;

import io.shmipc.spring.client.ShmipcExchange;
import java.util.concurrent.CompletableFuture;

/** Calls of a method that takes its time. */
@ShmipcExchange("lab.")
interface SlowCalls {

    /** How long a caller waits. */
    String TIMEOUT = "500ms";

    /** Completes with some words after that time, or with a time-out. */
    @ShmipcExchange(value = "sleep", timeout = TIMEOUT)
    CompletableFuture<String> sleep(int millis);
}
