package io.shmipc.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shmipc.spring.boot.test.autoconfigure.ShmipcTest;
import io.shmipc.spring.client.ShmipcOperations;
import io.shmipc.spring.client.ShmipcRemoteException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

@ShmipcTest(PriceHandler.class)
@Timeout(60)
class PriceHandlerTests {

    @Autowired
    private ShmipcOperations shmipc;

    @Test
    void knowsThePriceOfTea() {
        assertThat(shmipc.convertSendAndReceive("price", new Article("tea"), Price.class))
                .isEqualTo(new Price("tea", 300));
    }

    @Test
    void refusesAnArticleWithoutAName() {
        assertThatExceptionOfType(ShmipcRemoteException.class)
                .isThrownBy(() -> shmipc.convertSendAndReceive("price", new Article(" "), Price.class))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("invalid"));
    }

    @Test
    void answersLater() {
        assertThat(shmipc.convertSendAndReceive("price-of-the-day", new Article("coffee"), Price.class))
                .isEqualTo(new Price("coffee", 250));
    }

    @Test
    void nothingElseOfTheApplicationIsThere(@Autowired ApplicationContext context) {
        assertThat(context.getBeansOfType(PriceHandler.class)).hasSize(1);
        assertThat(context.getBeansOfType(EchoHandler.class)).isEmpty();
        assertThat(context.getBeansOfType(Till.class)).isEmpty();
    }
}
