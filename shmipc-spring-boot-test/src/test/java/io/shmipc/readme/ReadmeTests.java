package io.shmipc.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.client.SessionManager;
import io.shmipc.readme.PriceList.Article;
import io.shmipc.readme.PriceList.Price;
import io.shmipc.spring.boot.test.autoconfigure.AutoConfigureShmipc;
import io.shmipc.spring.client.ImportShmipcClients;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The code of README.md does what it says there. */
@Timeout(60)
class ReadmeTests {

    @Nested
    @SpringBootTest(classes = BytesTests.Application.class)
    @AutoConfigureShmipc
    class BytesTests {

        @Test
        void theServerAddsOne(@Autowired SessionManager sessionManager) {
            assertThat(Caller.call(sessionManager)).isEqualTo(42);
        }

        @Configuration
        @EnableAutoConfiguration
        @Import(Greetings.class)
        static class Application {}
    }

    @Nested
    @SpringBootTest(classes = ObjectsTests.Application.class)
    @AutoConfigureShmipc
    class ObjectsTests {

        @Test
        void theInterfaceCallsTheMethod(@Autowired Prices prices) {
            assertThat(prices.price(new Article("tea"))).isEqualTo(new Price("tea", 300));
        }

        @Configuration
        @EnableAutoConfiguration
        @Import(PriceList.class)
        @ImportShmipcClients(Prices.class)
        static class Application {}
    }
}
