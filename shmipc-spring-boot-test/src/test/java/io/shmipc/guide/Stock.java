package io.shmipc.guide;

import io.shmipc.spring.client.ShmipcExchange;
import java.util.concurrent.CompletableFuture;
import org.springframework.messaging.handler.annotation.Header;

@ShmipcExchange(route = "stock.", timeout = "2s")
interface Stock {

    @ShmipcExchange("level")
    int level(Article article, @Header("shop") String shop);

    @ShmipcExchange("reserve")
    CompletableFuture<Boolean> reserve(Article article);

    @ShmipcExchange("sold")
    void sold(Article article);
}
