package io.shmipc.readme;

import io.shmipc.readme.PriceList.Article;
import io.shmipc.readme.PriceList.Price;
import io.shmipc.spring.client.ShmipcExchange;

interface Prices {

    @ShmipcExchange("price")
    Price price(Article article);
}
