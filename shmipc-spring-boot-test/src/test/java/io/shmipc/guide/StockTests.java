package io.shmipc.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.spring.annotation.ShmipcListener;
import io.shmipc.spring.boot.test.autoconfigure.AutoConfigureShmipc;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.Header;

@SpringBootTest
@AutoConfigureShmipc
@Import(StockTests.Warehouse.class)
@Timeout(60)
class StockTests {

    @Autowired
    private Stock stock;

    @Autowired
    private Warehouse warehouse;

    @Test
    void asksTheWarehouseOfTheShop() {
        assertThat(stock.level(new Article("tea"), "north")).isEqualTo(12);
    }

    @Test
    void reservesAndSells() throws InterruptedException {
        assertThat(stock.reserve(new Article("tea")))
                .succeedsWithin(10, TimeUnit.SECONDS)
                .isEqualTo(true);

        stock.sold(new Article("coffee"));

        assertThat(warehouse.sold.poll(10, TimeUnit.SECONDS)).isEqualTo("coffee");
    }

    /** Stands in for the application that the client "stock" calls. */
    @TestComponent
    static class Warehouse {

        private final BlockingQueue<String> sold = new LinkedBlockingQueue<>();

        @ShmipcListener(listener = "stock", route = "stock.level")
        int level(Article article, @Header("shop") String shop) {
            return shop.equals("north") ? 12 : 0;
        }

        @ShmipcListener(listener = "stock", route = "stock.reserve")
        boolean reserve(Article article) {
            return true;
        }

        @ShmipcListener(listener = "stock", route = "stock.sold")
        void sold(Article article) {
            sold.add(article.name());
        }
    }
}
