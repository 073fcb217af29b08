package io.shmipc.readme;

import io.shmipc.spring.annotation.ShmipcListener;
import org.springframework.stereotype.Component;

@Component
class PriceList {

    @ShmipcListener(route = "price")
    Price price(Article article) {
        return new Price(article.name(), 300);
    }

    record Article(String name) {}

    record Price(String name, int cents) {}
}
