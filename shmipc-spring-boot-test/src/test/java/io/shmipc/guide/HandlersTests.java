package io.shmipc.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.shmipc.spring.boot.test.autoconfigure.ShmipcTest;
import io.shmipc.spring.client.ShmipcOperations;
import io.shmipc.spring.listener.ListenerContainer;
import io.shmipc.spring.listener.ShmipcListenerRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;

/** Every handler of the shop, with what their configurations make for them. */
@ShmipcTest
@Import({Fallbacks.class, Meter.class})
@Timeout(60)
class HandlersTests {

    @Autowired
    private ShmipcOperations shmipc;

    @Test
    void allHandlersAreServed(@Autowired ShmipcListenerRegistry registry) {
        assertThat(registry.containers())
                .filteredOn(ListenerContainer::isRunning)
                .extracting(ListenerContainer::name)
                .containsExactlyInAnyOrder("server", "echo", "meter");
        assertThat(shmipc.convertSendAndReceive("price", new Article("tea"), Price.class))
                .isEqualTo(new Price("tea", 300));
    }

    @Test
    void whatImportedConfigurationsMakeIsUsed(@Autowired @Qualifier("meter") ShmipcOperations meter) {
        assertThat(shmipc.convertSendAndReceive("shelf", new Article("tea"), Integer.class))
                .isZero();
        assertThat(meter.convertSendAndReceive("", new byte[7], byte[].class)).containsExactly(7);
    }

    @Test
    void whatHandlesNothingIsNotThere(@Autowired ApplicationContext context) {
        assertThat(context.getBeansOfType(Till.class)).isEmpty();
        assertThat(context.getBeansOfType(ShopClients.class)).isEmpty();
    }
}
