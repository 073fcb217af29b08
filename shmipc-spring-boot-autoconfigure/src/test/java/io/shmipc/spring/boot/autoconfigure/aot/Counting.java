package io.shmipc.spring.boot.autoconfigure.aot;

import io.shmipc.spring.client.ShmipcExchange;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.messaging.handler.annotation.Header;

/**
 * A method that {@link Letters} inherits.
 *
 * @param <T> the payload; an interface that extends this one decides it
 */
public interface Counting<T> {

    @ShmipcExchange("count")
    CompletableFuture<List<Count>> count(T text, @Header("first") Limit first);

    record Word(String text) {}

    record Count(String letter, int times) {}

    record Limit(int letters) {}
}
