package io.shmipc.guide;

import io.shmipc.spring.client.ShmipcOperations;
import io.shmipc.spring.client.ShmipcRemoteException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

@Component
class Till {

    private final ShmipcOperations prices;

    Till(ShmipcOperations prices) {
        this.prices = prices;
    }

    int centsFor(Article article) {
        try {
            return Objects.requireNonNull(prices.convertSendAndReceive("price", article, Price.class))
                    .cents();
        } catch (ShmipcRemoteException refused) {
            if (refused.code().equals("no-such-article")) {
                return 0;
            }
            throw refused;
        }
    }

    CompletableFuture<Integer> centsForAll(List<Article> articles) {
        List<CompletableFuture<Price>> calls = articles.stream()
                .map(article -> prices.withTimeout(Duration.ofMillis(800))
                        .convertSendAndReceiveAsync("price", article, Price.class))
                .toList();
        return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .thenApply(all ->
                        calls.stream().mapToInt(call -> call.join().cents()).sum());
    }

    void sell(Article article) {
        prices.convertAndSend("sold", article, Map.of("till", "till 1"));
    }
}
