package io.shmipc.spring.boot.autoconfigure.aot;

import io.shmipc.spring.client.ShmipcExchange;

/** What {@link AheadOfTimeTests} calls; public, because generated code names it. */
public interface Letters extends Counting<Counting.Word> {

    @ShmipcExchange("up")
    String up(String text);

    default String upAndOut(String text) {
        return up(text) + "!";
    }
}
