package io.shmipc.guide;

import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.message.ErrorReplyException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;
import org.springframework.validation.annotation.Validated;

@Component
class PriceHandler {

    private final Map<String, Integer> cents = Map.of("tea", 300, "coffee", 250);
    private final Queue<String> sold = new ConcurrentLinkedQueue<>();

    @ShmipcListener(route = "price")
    Price price(@Validated Article article) {
        Integer known = cents.get(article.name());
        if (known == null) {
            throw new ErrorReplyException("no-such-article", "There is no article '" + article.name() + "'.");
        }
        return new Price(article.name(), known);
    }

    @ShmipcListener(route = "price-of-the-day")
    CompletableFuture<Price> priceOfTheDay(Article article) {
        return CompletableFuture.supplyAsync(() -> price(article));
    }

    @ShmipcListener(route = "sold")
    void sold(Article article, @Header("till") String till) {
        sold.add(article.name() + " at " + till);
    }

    Queue<String> sold() {
        return sold;
    }
}
