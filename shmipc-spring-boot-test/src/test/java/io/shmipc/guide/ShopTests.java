package io.shmipc.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.spring.boot.test.autoconfigure.AutoConfigureShmipc;
import io.shmipc.spring.client.ShmipcOperations;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;

/** The whole application of the guide does what the guide says. */
@SpringBootTest
@AutoConfigureShmipc
@Timeout(60)
class ShopTests {

    @Autowired
    private Till till;

    @Autowired
    private ShmipcOperations shmipc;

    @Test
    void theTillAsksForPrices() {
        assertThat(till.centsFor(new Article("tea"))).isEqualTo(300);
        assertThat(till.centsFor(new Article("caviar"))).isZero();
        assertThat(till.centsForAll(List.of(new Article("tea"), new Article("coffee"))))
                .succeedsWithin(10, TimeUnit.SECONDS)
                .isEqualTo(550);
    }

    @Test
    void whatWasSoldArrivesWithItsTill(@Autowired PriceHandler handler) {
        till.sell(new Article("tea"));

        Awaitility.await().until(() -> handler.sold().contains("tea at till 1"));
    }

    @Test
    void aStreamMethodEchoes(@Autowired EchoClient echo) {
        assertThat(echo.echo("Ľudmila 梅")).isEqualTo("Ľudmila 梅");
    }

    @Test
    void anotherCodecHasItsListenerAndItsClient(@Autowired @Qualifier("meter") ShmipcOperations meter) {
        assertThat(meter.convertSendAndReceive("", new byte[7], byte[].class)).containsExactly(7);
    }

    @Test
    void anErrorHandlerAnswersInstead() {
        assertThat(shmipc.convertSendAndReceive("shelf", new Article("tea"), Integer.class))
                .isZero();
    }

    @Test
    void eventsTellOfSessions(@Autowired SessionLog log) {
        Awaitility.await().until(() -> log.lines().contains("server opened"));
    }

    @Test
    void oneListenerPausesAlone(@Autowired Maintenance maintenance, @Autowired ShmipcListenerRegistry registry) {
        maintenance.pause(() -> {
            assertThat(Objects.requireNonNull(registry.container("echo")).isRunning())
                    .isFalse();
            assertThat(till.centsFor(new Article("tea"))).isEqualTo(300);
        });

        assertThat(Objects.requireNonNull(registry.container("echo")).isRunning())
                .isTrue();
    }
}
